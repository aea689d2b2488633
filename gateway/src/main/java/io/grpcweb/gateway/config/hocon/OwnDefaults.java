package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.AccessLogConfig;
import io.grpcweb.gateway.config.CorsPolicy;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.StringMatch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What holds in the gateway's own format where nothing is written: chosen for gRPC-Web, not for plain HTTP. */
final class OwnDefaults {
    /** CORS before anything that may refuse, so that a page can read the refusal. */
    static final List<String> FILTERS = List.of("cors", "grpc-web", "router");

    /** A line a call, as a container's log wants it. */
    static final List<AccessLogConfig> ACCESS_LOGS = List.of(
            new AccessLogConfig(new AccessLogConfig.Sink.Stdout(), new AccessLogConfig.Format.Own(), Optional.empty()));

    static final HttpConfig.Server SERVER =
            new HttpConfig.Server("grpc-web-gateway", HttpConfig.Server.Transformation.OVERWRITE);

    /** Server streams may be silent for long: a page that watches something is not cut off after Envoy's 5 minutes. */
    static final HttpConfig.Timeouts TIMEOUTS = new HttpConfig.Timeouts(
            Duration.ofHours(1),
            Duration.ZERO,
            Duration.ofHours(1),
            Duration.ofMinutes(1),
            Duration.ZERO,
            Duration.ZERO,
            Duration.ofSeconds(30),
            Duration.ofSeconds(5),
            Duration.ofSeconds(1));

    static final HttpConfig.Identity IDENTITY = new HttpConfig.Identity(true, 0, false, false, true, false, false);

    static final HttpConfig.Path PATH =
            new HttpConfig.Path(false, false, HttpConfig.Path.EscapedSlashes.KEEP_UNCHANGED);

    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** What the browser clients send beside the fields that need no permission. */
    static final String ALLOW_HEADERS = "content-type,x-grpc-web,x-user-agent,grpc-timeout,accept,authorization,"
            + "grpc-accept-encoding,grpc-encoding";

    /** What they must be able to read of an answer that carries its status in header fields. */
    static final String EXPOSE_HEADERS =
            "grpc-status,grpc-message,grpc-status-details-bin,grpc-encoding,grpc-accept-encoding";

    static final String ALLOW_METHODS = "POST";

    /** Seconds; the most that any browser keeps a preflight's answer. */
    static final String MAX_AGE = "86400";

    private OwnDefaults() {}

    static CorsPolicy cors(List<String> origins, String place) {
        return new CorsPolicy(
                origins.stream()
                        .map(origin -> (StringMatch) new StringMatch.Exact(origin, false))
                        .toList(),
                ALLOW_METHODS,
                ALLOW_HEADERS,
                EXPOSE_HEADERS,
                MAX_AGE,
                Optional.of(false),
                Optional.of(false),
                Optional.of(false),
                1,
                0,
                place);
    }
}
