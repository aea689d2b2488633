package io.grpcweb.gateway.http;

/**
 * Why an exchange ended as it did, in more words than a {@link ResponseFlag}: Envoy's {@code %RESPONSE_CODE_DETAILS%}.
 * The gateway's own are constants; filters make others with {@link #of} and keep them. Two are the same only if they are one
 * object: nobody decides anything by the text.
 */
public final class Details {
    public static final Details VIA_UPSTREAM = configured("via_upstream");
    public static final Details DIRECT_RESPONSE = configured("direct_response");
    public static final Details REDIRECT = configured("direct_response");
    public static final Details PREFLIGHT = configured("cors_response");
    public static final Details HEALTH_CHECK_OK = configured("health_check_ok");
    public static final Details HEALTH_CHECK_FAILED = new Details("health_check_failed");

    // What a client asked for cannot be served.
    public static final Details HTTP1_ERROR = new Details("http1.codec_error");
    public static final Details HTTP1_TOO_MANY_FIELDS = new Details("http1.too_many_headers");
    public static final Details HTTP1_TOO_LARGE = new Details("http1.headers_too_large");
    public static final Details HTTP1_UNDERSCORE = new Details("http1.unexpected_underscore");
    public static final Details HTTP2_VIOLATION = new Details("http2.violation.of.messaging.rule");
    public static final Details CODEC_ERROR = new Details("http.codec_error");
    public static final Details MISDIRECTED = new Details("misdirected_request");
    public static final Details PATH_REFUSED = new Details("path_normalization_failed");
    public static final Details PATH_NORMALIZED = new Details("path_normalization_failed");
    public static final Details NO_ROUTE = new Details("route_not_found");
    public static final Details NO_FILTER_CHAIN = new Details("filter_chain_not_found");
    public static final Details NO_SERVICES = new Details("services_unknown");
    public static final Details NO_CLUSTER = new Details("cluster_not_found");
    public static final Details UPGRADE_REFUSED = new Details("upgrade_failed");
    public static final Details ORIGIN_REFUSED = new Details("origin_refused");
    public static final Details TOO_MANY_CALLS = new Details("websocket_too_many_calls");
    public static final Details METHOD_REFUSED = new Details("grpc_web_method");
    public static final Details CONTENT_TYPE_REFUSED = new Details("grpc_web_content_type");
    public static final Details MESSAGE_TOO_LONG = new Details("grpc_message_too_long");
    public static final Details PAYLOAD_TOO_LARGE = new Details("request_payload_too_large");
    public static final Details BAD_BASE64 = new Details("grpc_base_64_decode_failed");
    public static final Details BAD_BASE64_SIZE = new Details("grpc_base_64_decode_failed_bad_size");
    public static final Details BAD_CODING = new Details("content_coding_decode_failed");
    public static final Details TOO_MANY_CODED = new Details("content_coding_overflow");

    // The client left.
    public static final Details CLIENT_DISCONNECTED = new Details("downstream_remote_disconnect");
    public static final Details CLIENT_RESET = new Details("http2.remote_reset");
    public static final Details FLUSH_TIMEOUT = new Details("stream_flush_timeout");

    // A clock ran out.
    public static final Details DURATION_TIMEOUT = new Details("max_duration_timeout");
    public static final Details UPSTREAM_DURATION_TIMEOUT = new Details("upstream_max_stream_duration_reached");
    public static final Details IDLE_TIMEOUT = new Details("stream_idle_timeout");
    public static final Details REQUEST_TIMEOUT = new Details("request_overall_timeout");
    public static final Details ROUTE_TIMEOUT = new Details("response_timeout");
    public static final Details PER_TRY_TIMEOUT = new Details("upstream_per_try_timeout");

    // A backend failed; see UpstreamFailure for how it lost a call.
    public static final Details NO_HEALTHY_UPSTREAM = new Details("no_healthy_upstream");
    public static final Details DROPPED = new Details("drop_overload");
    public static final Details ALL_DROPPED = new Details("unconditional_drop_overload");
    public static final Details OVERFLOW = new Details("upstream_reset_before_response_started{overflow}");
    public static final Details UPSTREAM_PROTOCOL_ERROR = new Details("upstream_protocol_error");
    public static final Details UPGRADE_NOT_OFFERED = new Details("extended_connect_not_offered");
    public static final Details RETRY_BUFFER_FULL = new Details("request_payload_exceeded_retry_buffer_limit");

    // The gateway itself.
    public static final Details FAULT = new Details("gateway_fault");
    public static final Details OVERLOAD = new Details("overload");
    public static final Details DRAIN = new Details("gateway_drain");

    private static final String PAGE = "docs/errors.md#";

    private final String text;
    private final String kind;

    /** Whose words a reply with these details has. */
    private final Words words;

    private enum Words {
        OURS,
        SOMEBODY_ELSES,
        CONFIGURED
    }

    private Details(String text) {
        this(text, Words.OURS);
    }

    private Details(String text, Words words) {
        this.text = text;
        this.words = words;
        int end = 0;
        while (end < text.length() && text.charAt(end) != '[' && text.charAt(end) != '{') {
            end++;
        }
        this.kind = text.substring(0, end);
    }

    /** A reason of a filter's own, made once and not for each call where it can be. */
    public static Details of(String text) {
        return new Details(text);
    }

    /** A reason of a filter's own, where the message for the caller is that of a service or of the configuration. */
    public static Details quoting(String text) {
        return new Details(text, Words.SOMEBODY_ELSES);
    }

    /** A response that the configuration wants, which is no error. */
    public static Details configured(String text) {
        return new Details(text, Words.CONFIGURED);
    }

    /** The section of the documentation that says what is wrong and what to do; empty for what is no error. */
    public String help() {
        return words == Words.CONFIGURED ? "" : PAGE + kind.replace(".", "");
    }

    /** A message of the gateway's own with its section behind it; the words of others stay as they are. */
    String explain(String message) {
        if (words != Words.OURS) {
            return message;
        }
        return message.isEmpty() ? "see " + help() : message + " (" + help() + ")";
    }

    /** What it is without what it is about: the part before a bracket or a brace. */
    public String kind() {
        return kind;
    }

    /** As access logs write it. */
    @Override
    public String toString() {
        return text;
    }
}
