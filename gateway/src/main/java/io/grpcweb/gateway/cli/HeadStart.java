package io.grpcweb.gateway.cli;

import io.grpcweb.gateway.logging.LogProvider;
import io.grpcweb.gateway.telemetry.Telemetry;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.epoll.Epoll;
import io.netty.handler.ssl.OpenSsl;
import org.slf4j.LoggerFactory;

/**
 * What a start needs of Netty and of the meters is loaded on a second processor while the command line and the configuration
 * are read. Nothing is kept of it but loaded classes.
 */
final class HeadStart {
    private HeadStart() {}

    static void begin() {
        // First, and here: a thread that asks for a logger while another sets SLF4J up is given a substitute.
        LogProvider.choose();
        LoggerFactory.getILoggerFactory();
        run(HeadStart::load);
    }

    /** To be called for a configuration with TLS; its library is a fifth of a start, which others do without. */
    static void tls() {
        run(OpenSsl::isAvailable);
    }

    private static void run(Runnable load) {
        Thread thread = new Thread(load, "head-start");
        thread.setDaemon(true);
        thread.start();
    }

    private static void load() {
        // The native library of epoll.
        Epoll.isAvailable();
        PooledByteBufAllocator.DEFAULT.metric();
        Telemetry.load();
    }
}
