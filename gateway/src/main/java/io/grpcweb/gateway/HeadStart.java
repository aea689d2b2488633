package io.grpcweb.gateway;

import io.grpcweb.gateway.net.Transport;
import io.grpcweb.gateway.telemetry.Telemetry;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.ssl.OpenSsl;
import org.slf4j.LoggerFactory;

/**
 * What every start needs, Netty and the meters, is loaded on a second processor while the command line and the
 * configuration are read. Nothing is kept of it but loaded classes.
 */
final class HeadStart {
    private HeadStart() {}

    static void begin() {
        // First, and here: a thread that asks for a logger while another sets SLF4J up is given a substitute.
        LoggerFactory.getILoggerFactory();
        Thread thread = new Thread(HeadStart::load, "head-start");
        thread.setDaemon(true);
        thread.start();
    }

    private static void load() {
        // The native libraries of TLS and of epoll.
        OpenSsl.isAvailable();
        Transport.serverChannel(false);
        PooledByteBufAllocator.DEFAULT.metric();
        Telemetry.load();
    }
}
