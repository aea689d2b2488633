package io.grpcweb.gateway.dynamic;

import io.grpcweb.gateway.config.SecretContent;
import io.grpcweb.gateway.config.TlsConfig.SecretRef;
import io.grpcweb.gateway.source.xds.SourceException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The secrets that one part needs. */
final class SecretUses implements AutoCloseable {
    private final List<Uses<SecretContent>.Use> uses = new ArrayList<>();

    /**
     * Begins to want them.
     *
     * @param unfit says why one cannot be used here; empty where it can
     * @param settled runs whenever one of them has come, or has not come in time
     */
    SecretUses(
            Uses<SecretContent> all,
            Collection<SecretRef> refs,
            Function<SecretContent, Optional<String>> unfit,
            Runnable settled)
            throws SourceException {
        for (SecretRef ref : new LinkedHashSet<>(refs)) {
            try {
                uses.add(all.use(ref.source(), ref.name(), "", new Uses.User<>() {
                    @Override
                    public Optional<String> refuses(SecretContent value) {
                        return unfit.apply(value);
                    }

                    @Override
                    public void changed(SecretContent value) {
                        // TLS follows it by itself.
                    }

                    @Override
                    public void settled() {
                        settled.run();
                    }
                }));
            } catch (SourceException e) {
                close();
                throw e;
            }
        }
    }

    /** Whether nothing is waited for. */
    boolean areSettled() {
        return uses.stream().allMatch(Uses.Use::isSettled);
    }

    /** The names of those that are waited for. */
    List<String> waiting() {
        return uses.stream().filter(use -> !use.isSettled()).map(Uses.Use::name).toList();
    }

    @Override
    public void close() {
        uses.forEach(Uses.Use::close);
    }
}
