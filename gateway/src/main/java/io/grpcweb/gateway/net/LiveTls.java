package io.grpcweb.gateway.net;

import io.grpcweb.gateway.config.TlsConfig;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What TLS is made of, following its files and the secrets that come from elsewhere: handshakes that begin later use the new one.
 * What cannot be used changes nothing.
 *
 * @param <C> the settings of one side
 * @param <T> a context, or several
 */
public final class LiveTls<C extends TlsConfig, T> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveTls.class);

    private final FileWatch watch;
    private final Supplier<Optional<C>> settings;
    private final Maker<C, T> maker;
    private final FileWatch.Watched secrets;
    private FileWatch.Watched files = () -> {};
    private volatile T context;

    /** Makes it of what the files hold now. */
    @FunctionalInterface
    public interface Maker<C, T> {
        T make(C settings) throws IOException;
    }

    /**
     * Reads the files.
     *
     * @param config as it stands in the configuration
     * @param settings the same with the secrets in their place; empty while one is missing
     * @throws IOException names the one that cannot be used
     */
    public LiveTls(FileWatch watch, C config, Supplier<Optional<C>> settings, Maker<C, T> maker) throws IOException {
        this.watch = watch;
        this.settings = settings;
        this.maker = maker;
        make();
        this.secrets = watch.secrets().follow(config.secrets().all(), this::makeAgain);
    }

    private synchronized void make() throws IOException {
        Optional<C> complete = settings.get();
        if (complete.isPresent()) {
            C now = complete.get();
            FileWatch.Watched next = watch.watch(now.sources(), () -> context = maker.make(now));
            files.close();
            files = next;
        }
    }

    private void makeAgain() {
        try {
            make();
        } catch (IOException e) {
            LOG.warn("a secret has changed and cannot be used, what there was before stays: {}", e.getMessage());
        }
    }

    /** What there is now; null while a secret is missing. */
    public T context() {
        return context;
    }

    /** Nothing is followed any longer. */
    @Override
    public synchronized void close() {
        secrets.close();
        files.close();
    }
}
