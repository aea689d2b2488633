package io.grpcweb.gateway.http;

/** How an attempt on a backend failed, in Envoy's words. */
@SuppressWarnings("ImmutableEnumChecker") // Details does not change
public enum UpstreamFailure {
    CONNECTION_FAILURE("remote connection failure", 503, ResponseFlag.UPSTREAM_CONNECTION_FAILURE),
    CONNECTION_REFUSED(
            "remote connection failure",
            503,
            ResponseFlag.UPSTREAM_CONNECTION_FAILURE,
            "delayed_connect_error:_Connection_refused"),
    LOCAL_CONNECTION_FAILURE("local connection failure", 503, ResponseFlag.UPSTREAM_CONNECTION_FAILURE),
    CONNECTION_TIMEOUT("connection timeout", 503, ResponseFlag.UPSTREAM_CONNECTION_FAILURE),
    CONNECTION_TERMINATION("connection termination", 503, ResponseFlag.UPSTREAM_TERMINATION),
    REMOTE_RESET("remote reset", 503, ResponseFlag.UPSTREAM_REMOTE_RESET),
    REFUSED_STREAM("remote refused stream reset", 503, ResponseFlag.UPSTREAM_REMOTE_RESET),
    PROTOCOL_ERROR("protocol error", 502, ResponseFlag.UPSTREAM_PROTOCOL_ERROR);

    private final String text;
    private final int httpStatus;
    private final ResponseFlag flag;
    private final Details beforeResponse;
    private final Details afterResponse;

    private final String transport;

    UpstreamFailure(String text, int httpStatus, ResponseFlag flag) {
        this(text, httpStatus, flag, "");
    }

    UpstreamFailure(String text, int httpStatus, ResponseFlag flag, String transport) {
        this.text = text;
        this.httpStatus = httpStatus;
        this.flag = flag;
        this.transport = transport;
        String reason = "{" + text.replace(' ', '_') + (transport.isEmpty() ? "" : "|" + transport) + "}";
        this.beforeResponse = Details.of("upstream_reset_before_response_started" + reason);
        this.afterResponse = Details.of("upstream_reset_after_response_started" + reason);
    }

    public String text() {
        return text;
    }

    /** What Envoy's logs say of the transport, where that is always the same; otherwise what was seen of it. */
    public String transport(String seen) {
        return transport.isEmpty() ? seen : transport;
    }

    public int httpStatus() {
        return httpStatus;
    }

    public ResponseFlag flag() {
        return flag;
    }

    /** Details of a call that was lost before the head of its response came. */
    public Details beforeResponse() {
        return beforeResponse;
    }

    /** Details of a call that was lost in the middle of its response. */
    public Details afterResponse() {
        return afterResponse;
    }

    /** Whether no stream was ever opened, so that the backend cannot have seen the call. */
    public boolean isConnectFailure() {
        return this == CONNECTION_FAILURE
                || this == CONNECTION_REFUSED
                || this == LOCAL_CONNECTION_FAILURE
                || this == CONNECTION_TIMEOUT;
    }
}
