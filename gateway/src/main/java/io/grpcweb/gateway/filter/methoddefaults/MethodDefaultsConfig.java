package io.grpcweb.gateway.filter.methoddefaults;

import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.schema.ProtoSchema;
import java.time.Duration;
import java.util.Optional;

/**
 * What holds for methods by their kind.
 *
 * @param descriptors a file of compiled proto files; absent where backends are asked
 * @param schema what it says; absent where it cannot be read, which was reported
 * @param reflection whether backends are asked for their descriptors
 * @param unaryTimeout for a whole unary call whose client has no deadline; zero is no limit
 * @param streamIdle how long a stream may be silent; zero leaves what the route and the listener say
 * @param retry whether methods are tried again that say by {@code idempotency_level} that they may be
 */
public record MethodDefaultsConfig(
        String name,
        Optional<String> descriptors,
        Optional<ProtoSchema> schema,
        boolean reflection,
        Duration unaryTimeout,
        Duration streamIdle,
        boolean retry)
        implements FilterConfig {}
