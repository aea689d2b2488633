package io.grpcweb.gateway.net;

import io.grpcweb.gateway.config.TlsConfig;
import java.io.IOException;
import java.util.List;

/**
 * What TLS is made of, following its files: handshakes that begin later use the new one.
 *
 * @param <T> a context, or several
 */
public final class LiveTls<T> implements AutoCloseable {
    private final FileWatch.Watched files;
    private volatile T context;

    /** Makes it of what the files hold now. */
    @FunctionalInterface
    public interface Maker<T> {
        T make() throws IOException;
    }

    /**
     * Reads the files.
     *
     * @throws IOException names the one that cannot be used
     */
    public LiveTls(FileWatch watch, List<TlsConfig.Source> sources, Maker<T> maker) throws IOException {
        files = watch.watch(sources, () -> context = maker.make());
    }

    public T context() {
        return context;
    }

    /** The files are watched no longer. */
    @Override
    public void close() {
        files.close();
    }
}
