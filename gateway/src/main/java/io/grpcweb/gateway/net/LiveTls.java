package io.grpcweb.gateway.net;

import io.grpcweb.gateway.config.TlsConfig;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.util.List;

/** A TLS context that follows its files: handshakes that begin later use the new one. */
public final class LiveTls {
    private volatile SslContext context;

    /** Makes a context of what the files hold now. */
    @FunctionalInterface
    public interface Maker {
        SslContext make() throws IOException;
    }

    /**
     * Reads the files.
     *
     * @throws IOException names the one that cannot be used
     */
    public LiveTls(FileWatch watch, List<TlsConfig.Source> sources, Maker maker) throws IOException {
        context = maker.make();
        watch.watch(sources, () -> context = maker.make());
    }

    public SslContext context() {
        return context;
    }
}
