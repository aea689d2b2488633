package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.AccessLogConfig;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.ListenerConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What holds in the gateway's own format where nothing is written: chosen for gRPC-Web, not for plain HTTP. */
final class OwnDefaults {
    /** CORS before anything that may refuse, so that a page can read the refusal. */
    static final List<String> FILTERS = List.of("cors", "connect", "grpc-web", "router");

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
            Duration.ofSeconds(10),
            Duration.ofMinutes(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(1));

    /** A page that may call may do so over a WebSocket. */
    static final HttpConfig.WebSockets WEB_SOCKETS =
            HttpConfig.WebSockets.DEFAULT.with(HttpConfig.WebSockets.Calls.WHERE_CORS);

    static final HttpConfig.Identity IDENTITY = new HttpConfig.Identity(
            true,
            0,
            false,
            false,
            List.of(),
            List.of(),
            true,
            false,
            false,
            HttpConfig.ClientCertificate.NONE,
            HttpConfig.Hop.NONE);

    static final HttpConfig.Path PATH =
            new HttpConfig.Path(false, false, HttpConfig.Path.EscapedSlashes.KEEP_UNCHANGED);

    /** A browser has a few connections, and an office behind one address some hundred. */
    static final ListenerConfig.Admission ADMISSION = new ListenerConfig.Admission(true, true, 256, 50);

    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private OwnDefaults() {}
}
