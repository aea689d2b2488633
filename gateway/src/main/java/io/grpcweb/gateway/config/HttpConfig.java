package io.grpcweb.gateway.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * How HTTP is spoken with clients: Envoy's HTTP connection manager. A duration of zero means "no such limit".
 *
 * @param statPrefix the label of its series
 * @param codec which HTTP versions are spoken
 * @param routes where requests go
 * @param filters in the order in which a request meets them; the last one is the only {@link FilterConfig#terminal}
 * @param offByDefault names of filters that are off where no route turns them on
 * @param server the {@code server} field of responses
 * @param timeouts when connections and streams are given up
 * @param limits how much a client may send
 * @param http2 settings of HTTP/2 connections
 * @param identity what becomes of {@code x-forwarded-for} and its kin
 * @param path what is done to a path before it is routed
 * @param host what is done to the authority before it is routed
 * @param early what is changed of a request before it is routed, without what is said of responses
 * @param accessLogs one line a request each
 * @param tracing whether and how exchanges are traced
 * @param localReplies how local replies are changed, first match wins
 * @param upgrades upgrade types that are allowed, in lower-case
 * @param preflightFree whether calls may have their fields in the query, for which browsers ask no preflight
 * @param webSockets which WebSockets carry calls, and how
 * @param http1Trailers whether trailer fields of HTTP/1.1 requests are kept
 * @param http10 whether HTTP/1.0 is served
 * @param http10Host what a request of HTTP/1.0 is for that names no host; empty: it is refused
 * @param places where the filters and their settings on routes are written
 */
public record HttpConfig(
        String statPrefix,
        Codec codec,
        RouteConfig routes,
        List<FilterConfig> filters,
        Set<String> offByDefault,
        Server server,
        Timeouts timeouts,
        Limits limits,
        Http2 http2,
        Identity identity,
        Path path,
        Host host,
        HeaderRules early,
        List<AccessLogConfig> accessLogs,
        Optional<TracingConfig> tracing,
        List<LocalReplyMapping> localReplies,
        Set<String> upgrades,
        boolean preflightFree,
        WebSockets webSockets,
        boolean http1Trailers,
        boolean http10,
        String http10Host,
        FilterPlaces places) {

    public HttpConfig {
        filters = List.copyOf(filters);
        offByDefault = Set.copyOf(offByDefault);
        accessLogs = List.copyOf(accessLogs);
        localReplies = List.copyOf(localReplies);
        upgrades = Set.copyOf(upgrades);
    }

    /** The same with other routes. */
    public HttpConfig with(RouteConfig table) {
        return new HttpConfig(
                statPrefix,
                codec,
                table,
                filters,
                offByDefault,
                server,
                timeouts,
                limits,
                http2,
                identity,
                path,
                host,
                early,
                accessLogs,
                tracing,
                localReplies,
                upgrades,
                preflightFree,
                webSockets,
                http1Trailers,
                http10,
                http10Host,
                places);
    }

    /** Whether open connections may go on under the other settings: they differ in routes and filters at most. */
    public boolean sameForConnections(HttpConfig other) {
        return equals(new HttpConfig(
                other.statPrefix,
                other.codec,
                routes,
                filters,
                offByDefault,
                other.server,
                other.timeouts,
                other.limits,
                other.http2,
                other.identity,
                other.path,
                other.host,
                other.early,
                other.accessLogs,
                other.tracing,
                other.localReplies,
                other.upgrades,
                other.preflightFree,
                other.webSockets,
                other.http1Trailers,
                other.http10,
                other.http10Host,
                other.places));
    }

    /** Whether clients of HTTP/2 are offered extended CONNECT (RFC 8441), without which their browsers open no WebSocket there. */
    public boolean extendedConnect() {
        return http2.allowConnect() || webSockets.calls() == WebSockets.Calls.WHERE_CORS;
    }

    /** Which HTTP versions a listener speaks. */
    public enum Codec {
        /** By ALPN, or by the connection preface in cleartext. */
        AUTO,
        HTTP1,
        HTTP2
    }

    /** The {@code server} field: its text, and what is done where the backend sent one. */
    public record Server(String name, Transformation transformation) {
        /** Envoy's {@code server_header_transformation}. */
        public enum Transformation {
            OVERWRITE,
            APPEND_IF_ABSENT,
            PASS_THROUGH
        }
    }

    /**
     * When connections and streams are given up.
     *
     * @param connectionIdle a connection without a stream (1 h)
     * @param connectionMax the age of a connection at which it is drained (none)
     * @param streamIdle a stream without a byte either way (5 min)
     * @param streamFlush a response that is complete and of which the peer takes no byte (1 min, or {@code streamIdle}
     *     where that is given)
     * @param streamMax a stream's whole life (none)
     * @param request from the first byte of a request to its end (none)
     * @param requestHeaders from the first byte of a request to the end of its header (10 s)
     * @param requestProgress in which {@value #PROGRESS_BYTES} bytes of the body of a gRPC-Web request must come, as long as
     *     it has not ended (1 min)
     * @param drain between the two GOAWAY frames of a connection that ends (5 s)
     * @param delayedClose how long a connection that has ended waits for the peer to take the rest and to close (1 s);
     *     zero: it is closed when its last bytes have left
     */
    public record Timeouts(
            Duration connectionIdle,
            Duration connectionMax,
            Duration streamIdle,
            Duration streamFlush,
            Duration streamMax,
            Duration request,
            Duration requestHeaders,
            Duration requestProgress,
            Duration drain,
            Duration delayedClose) {
        public static final Timeouts DEFAULT = new Timeouts(
                Duration.ofHours(1),
                Duration.ZERO,
                Duration.ofMinutes(5),
                Duration.ofMinutes(1),
                Duration.ZERO,
                Duration.ZERO,
                Duration.ofSeconds(10),
                Duration.ofMinutes(1),
                Duration.ofSeconds(5),
                Duration.ofSeconds(1));

        /** What must come of a body in the time of {@code requestProgress}. */
        public static final int PROGRESS_BYTES = 1024;
    }

    /**
     * How much a client may send.
     *
     * @param headerBytes names and values of a request's header together (60 KiB)
     * @param headerCount fields of a request's header (100)
     * @param requestsPerConnection after how many requests a connection is closed, if at all
     * @param underscores what is done about field names with an underscore
     * @param messageBytes the largest gRPC message, if that is limited; above it status 8
     * @param tellsOverload whether a request that is answered because the process runs short is told so by a field
     */
    public record Limits(
            int headerBytes,
            int headerCount,
            OptionalInt requestsPerConnection,
            Underscores underscores,
            OptionalInt messageBytes,
            boolean tellsOverload) {
        public static final Limits DEFAULT =
                new Limits(60 * 1024, 100, OptionalInt.empty(), Underscores.ALLOW, OptionalInt.empty(), false);

        /** Envoy's {@code headers_with_underscores_action}. */
        public enum Underscores {
            ALLOW,
            REJECT_REQUEST,
            DROP_HEADER
        }
    }

    /**
     * Settings of HTTP/2 connections with clients; windows in bytes.
     *
     * @param outbound frames that may wait for a peer that does not read
     * @param inbound frames without use that a client may send
     */
    public record Http2(
            int maxConcurrentStreams,
            int streamWindow,
            int connectionWindow,
            Keepalive keepalive,
            boolean allowConnect,
            OutboundFrames outbound,
            InboundFrames inbound) {
        public static final Http2 DEFAULT =
                new Http2(1024, 1 << 20, 8 << 20, Keepalive.OFF, false, OutboundFrames.DEFAULT, InboundFrames.DEFAULT);
    }

    /**
     * How many frames without use a client may send on an HTTP/2 connection; one more ends it.
     *
     * @param prioritiesPerStream PRIORITY, for each stream that it has opened (100)
     * @param windowUpdatesPerData WINDOW_UPDATE, for each DATA frame that it was sent (10)
     * @param emptyInARow DATA without content, one behind the other (2)
     */
    public record InboundFrames(int prioritiesPerStream, int windowUpdatesPerData, int emptyInARow) {
        public static final InboundFrames DEFAULT = new InboundFrames(100, 10, 2);
    }

    /**
     * How many frames of an HTTP/2 connection may wait for a peer that does not read; one more ends the connection.
     *
     * @param all frames of every kind (10,000)
     * @param control acknowledgements and resets among them (1,000)
     */
    public record OutboundFrames(int all, int control) {
        public static final OutboundFrames DEFAULT = new OutboundFrames(10_000, 1000);
    }

    /**
     * WebSockets that carry gRPC-Web calls.
     *
     * @param calls which ones do
     * @param firstMessage how long a client may take from the handshake to its first call (5 s)
     * @param ping how long a client may be silent before it is asked whether it is there, and then before it counts as gone
     *     (30 s); zero: it is never asked
     * @param messageBytes the longest message of a WebSocket, which is a part of a gRPC message or all of it (16 MiB); a deflated
     *     one is no longer when it is inflated
     * @param deflates whether {@code permessage-deflate} (RFC 7692) is agreed on with a client that offers it (false)
     */
    public record WebSockets(Calls calls, Duration firstMessage, Duration ping, int messageBytes, boolean deflates) {
        public static final WebSockets DEFAULT =
                new WebSockets(Calls.WHERE_UPGRADES, Duration.ofSeconds(5), Duration.ofSeconds(30), 16 << 20, false);

        /** The same for other WebSockets. */
        public WebSockets with(Calls which) {
            return new WebSockets(which, firstMessage, ping, messageBytes, deflates);
        }

        /** Which of the WebSockets that ask for a subprotocol of gRPC-Web carry calls; the others may be tunnels. */
        public enum Calls {
            /** None. */
            OFF,
            /** Those to routes that allow the upgrade. */
            WHERE_UPGRADES,
            /** Those to routes with a CORS policy, too. */
            WHERE_CORS
        }
    }

    /**
     * PING frames on a connection (RFC 9113 section 6.7).
     *
     * @param interval between them; zero means none
     * @param timeout how long a response may take
     * @param jitter the share of the interval by which one may be longer, by chance
     * @param afterIdle a connection to a backend on which nothing came for so long is asked before its next call; zero means never
     */
    public record Keepalive(Duration interval, Duration timeout, double jitter, Duration afterIdle) {
        /** Envoy's. */
        public static final double USUAL_JITTER = 0.15;

        public static final Keepalive OFF = new Keepalive(Duration.ZERO, Duration.ZERO);

        public Keepalive(Duration interval, Duration timeout) {
            this(interval, timeout, USUAL_JITTER, Duration.ZERO);
        }

        /** The next interval, by a draw from 0 to 1. */
        public long nextNanos(double draw) {
            return (long) (interval.toNanos() * (1 + jitter * draw));
        }
    }

    /**
     * Whom a request is said to come from.
     *
     * @param useRemoteAddress whether the peer's address is trusted and written to {@code x-forwarded-for}
     * @param trustedHops how many entries of {@code x-forwarded-for}, from the right, are proxies of our own
     * @param skipXffAppend whether {@code x-forwarded-for} is left as it came
     * @param forwardsPeer whether the peer's address is appended to {@code x-forwarded-for} although it is not trusted
     * @param trustedProxies networks, such as {@code 10.0.0.0/8}: from a peer in one of them, the client is the last entry of
     *     {@code x-forwarded-for} that is in none of them
     * @param trustedCallers networks: a caller in one of them, in whose request nobody is forwarded, may use Envoy's control
     *     fields
     * @param generateRequestId whether a missing {@code x-request-id} is made up
     * @param preserveExternalRequestId whether one that came from outside is kept
     * @param requestIdInResponse whether the response carries it
     * @param certificate what is said of the client's certificate
     * @param hop what else a proxy says of itself and of the connection
     */
    public record Identity(
            boolean useRemoteAddress,
            int trustedHops,
            boolean skipXffAppend,
            boolean forwardsPeer,
            List<String> trustedProxies,
            List<String> trustedCallers,
            boolean generateRequestId,
            boolean preserveExternalRequestId,
            boolean requestIdInResponse,
            ClientCertificate certificate,
            Hop hop) {
        public static final Identity DEFAULT = new Identity(
                false, 0, false, false, List.of(), List.of(), true, false, false, ClientCertificate.NONE, Hop.NONE);

        public Identity {
            trustedProxies = List.copyOf(trustedProxies);
            trustedCallers = List.copyOf(trustedCallers);
        }
    }

    /**
     * What a proxy says of itself and of the connection of a client.
     *
     * @param via is appended to the field {@code via} in both directions (RFC 9110 section 7.6.3)
     * @param port whether {@code x-forwarded-port} says which port the client connected to
     * @param scheme is put in the place of the request's
     */
    public record Hop(Optional<String> via, boolean port, Optional<String> scheme) {
        public static final Hop NONE = new Hop(Optional.empty(), false, Optional.empty());
    }

    /**
     * What becomes of {@code x-forwarded-client-cert}.
     *
     * @param details what is said of a certificate beside its hash
     */
    public record ClientCertificate(Forwarding forwarding, Set<Detail> details) {
        /** The field is removed. */
        public static final ClientCertificate NONE = new ClientCertificate(Forwarding.SANITIZE, Set.of());

        public ClientCertificate {
            details = Set.copyOf(details);
        }

        /** Envoy's {@code forward_client_cert_details}. */
        public enum Forwarding {
            /** It is removed. */
            SANITIZE,
            /** It stays as it came where the client has shown a certificate; else it is removed. */
            FORWARD_ONLY,
            /** The same, and what is said of the client's certificate is appended. */
            APPEND_FORWARD,
            /** It says what the client's certificate is, and nothing that came. */
            SANITIZE_SET,
            /** It stays as it came. */
            ALWAYS_FORWARD_ONLY
        }

        /** What can be said. */
        public enum Detail {
            CERT,
            CHAIN,
            SUBJECT,
            URI,
            DNS
        }
    }

    /** What is done to the authority before it is routed. */
    public record Host(Port port, boolean stripTrailingDot) {
        public static final Host DEFAULT = new Host(Port.KEEP, false);

        /** Whether the port goes. */
        public enum Port {
            KEEP,
            /** Where it is that of the listener. */
            STRIP_MATCHING,
            STRIP_ANY
        }

        /** Whether every authority stays as it is. */
        public boolean keepsAll() {
            return port == Port.KEEP && !stripTrailingDot;
        }
    }

    /** What is done to a path before it is routed. */
    public record Path(boolean normalize, boolean mergeSlashes, EscapedSlashes escapedSlashes) {
        public static final Path DEFAULT = new Path(false, false, EscapedSlashes.KEEP_UNCHANGED);

        /** Whether every path stays as it is. */
        public boolean keepsAll() {
            return !normalize && !mergeSlashes && escapedSlashes == EscapedSlashes.KEEP_UNCHANGED;
        }

        /** Envoy's {@code path_with_escaped_slashes_action}. */
        public enum EscapedSlashes {
            KEEP_UNCHANGED,
            REJECT_REQUEST,
            UNESCAPE_AND_REDIRECT,
            UNESCAPE_AND_FORWARD
        }
    }

    /**
     * A change to local replies (Envoy's {@code local_reply_config} mapper).
     *
     * @param when which answers it is for; empty means all
     * @param status the HTTP status instead, if given
     * @param body the body instead, if given
     * @param bodyFormat how the body is written, if not as it is
     * @param headers fields to add
     */
    public record LocalReplyMapping(
            Optional<AccessLogConfig.Filter> when,
            OptionalInt status,
            Optional<String> body,
            Optional<AccessLogConfig.Format> bodyFormat,
            Optional<String> contentType,
            HeaderRules headers) {}
}
