package io.grpcweb.gateway.http;

import java.util.List;
import java.util.Map;

/**
 * A response that the gateway makes itself: HTTP status, gRPC status and text stand together, and each is named once
 * here. Texts, HTTP statuses and details are Envoy's; the gRPC status is the one the caller should act on.
 *
 * @param httpStatus for callers that are not gRPC, and for gRPC-Web in the {@code envoy} error format
 * @param grpcStatus 0 to 16, see grpc doc/statuscodes.md
 * @param message becomes grpc-message, or the body; may be empty
 * @param flag for the access log; may be null
 * @param details for the access log, Envoy's {@code %RESPONSE_CODE_DETAILS%}
 * @param headers further fields of the response
 */
public record LocalReply(
        int httpStatus,
        int grpcStatus,
        String message,
        ResponseFlag flag,
        String details,
        List<Map.Entry<String, String>> headers) {

    private static final String UPSTREAM_ERROR = "upstream connect error or disconnect/reset before headers. ";

    public LocalReply {
        headers = List.copyOf(headers);
    }

    private static LocalReply of(int http, GrpcStatus grpc, String message, ResponseFlag flag, String details) {
        return new LocalReply(http, grpc.code(), message, flag, details, List.of());
    }

    private LocalReply with(String name, String value) {
        return new LocalReply(httpStatus, grpcStatus, message, flag, details, List.of(Map.entry(name, value)));
    }

    /** A request that is not served for what it is. */
    public static LocalReply refused(int httpStatus, String message) {
        return of(
                httpStatus,
                GrpcStatus.fromHttp(httpStatus),
                message,
                ResponseFlag.DOWNSTREAM_PROTOCOL_ERROR,
                "http.codec_error");
    }

    /** RFC 9110 section 15.5.20: the client may ask again on a connection that was made for this host. */
    public static LocalReply misdirected() {
        return of(421, GrpcStatus.UNKNOWN, "Misdirected Request", null, "misdirected_request");
    }

    /** A fault of the gateway itself; its log has the rest. */
    public static LocalReply internalError() {
        return of(500, GrpcStatus.INTERNAL, "internal error of the gateway", null, "gateway_fault");
    }

    public static LocalReply noRoute() {
        return of(404, GrpcStatus.UNIMPLEMENTED, "", ResponseFlag.NO_ROUTE, "route_not_found");
    }

    public static LocalReply unknownCluster(int httpStatus) {
        return of(httpStatus, GrpcStatus.UNAVAILABLE, "", ResponseFlag.NO_CLUSTER, "cluster_not_found");
    }

    public static LocalReply noHealthyUpstream() {
        return of(
                503,
                GrpcStatus.UNAVAILABLE,
                "no healthy upstream",
                ResponseFlag.NO_HEALTHY_UPSTREAM,
                "no_healthy_upstream");
    }

    /** gRPC-Web is POST only. */
    public static LocalReply methodNotAllowed() {
        return of(405, GrpcStatus.UNIMPLEMENTED, "gRPC-Web calls use POST", null, "grpc_web_method")
                .with("allow", "POST");
    }

    public static LocalReply unsupportedMediaType(String message) {
        return of(415, GrpcStatus.INTERNAL, message, null, "grpc_web_content_type");
    }

    /** A message that is longer than the configuration allows. */
    public static LocalReply messageTooLong(long bytes, long limit) {
        return of(
                413,
                GrpcStatus.RESOURCE_EXHAUSTED,
                "message is " + bytes + " bytes, limit is " + limit,
                null,
                "grpc_message_too_long");
    }

    /** A body that is longer than a filter may hold. */
    public static LocalReply payloadTooLarge() {
        return of(413, GrpcStatus.RESOURCE_EXHAUSTED, "Payload Too Large", null, "request_payload_too_large");
    }

    public static LocalReply badBase64(boolean size) {
        return of(
                400,
                GrpcStatus.INTERNAL,
                "Bad gRPC-web request, invalid base64 data.",
                null,
                size ? "grpc_base_64_decode_failed_bad_size" : "grpc_base_64_decode_failed");
    }

    /** A body of HTTP/1.1 whose framing breaks in the middle of a call. */
    public static LocalReply badRequestBody() {
        return of(400, GrpcStatus.INTERNAL, "Bad Request", ResponseFlag.DOWNSTREAM_PROTOCOL_ERROR, "http1.codec_error");
    }

    public static LocalReply overflow() {
        return of(
                        503,
                        GrpcStatus.UNAVAILABLE,
                        UPSTREAM_ERROR + "reset reason: overflow",
                        ResponseFlag.UPSTREAM_OVERFLOW,
                        "upstream_reset_before_response_started{overflow}")
                .with("x-envoy-overloaded", "true");
    }

    /** The endpoints' policy has some calls, or all of them, answered instead of sent. */
    public static LocalReply dropOverload(boolean all) {
        return all
                ? of(
                                503,
                                GrpcStatus.UNAVAILABLE,
                                "unconditional drop overload",
                                ResponseFlag.UNCONDITIONAL_DROP_OVERLOAD,
                                "unconditional_drop_overload")
                        .with("x-envoy-unconditional-drop-overload", "true")
                : of(503, GrpcStatus.UNAVAILABLE, "drop overload", ResponseFlag.DROP_OVERLOAD, "drop_overload")
                        .with("x-envoy-drop-overload", "true");
    }

    /** The last attempt was reset before its head came. */
    public static LocalReply upstreamReset(UpstreamFailure failure, boolean retried) {
        return of(
                failure.httpStatus(),
                GrpcStatus.UNAVAILABLE,
                UPSTREAM_ERROR
                        + (retried ? "retried and the latest reset reason: " : "reset reason: ")
                        + failure.text(),
                failure.flag(),
                "upstream_reset_before_response_started{" + failure.text().replace(' ', '_') + "}");
    }

    public static LocalReply routeTimeout() {
        return of(
                504,
                GrpcStatus.DEADLINE_EXCEEDED,
                "upstream request timeout",
                ResponseFlag.UPSTREAM_TIMEOUT,
                "response_timeout");
    }

    public static LocalReply perTryTimeout() {
        return of(
                504,
                GrpcStatus.DEADLINE_EXCEEDED,
                "upstream request timeout",
                ResponseFlag.UPSTREAM_TIMEOUT,
                "upstream_per_try_timeout");
    }

    /**
     * {@code grpc-timeout} or {@code max_stream_duration}; Envoy prints no flag for it. It is no fault of a caller with a
     * deadline of its own, or whose request is whole.
     */
    public static LocalReply durationTimeout(boolean faultless) {
        return of(
                faultless ? 504 : 408,
                GrpcStatus.DEADLINE_EXCEEDED,
                "downstream duration timeout",
                null,
                "max_duration_timeout");
    }

    public static LocalReply upstreamDurationTimeout() {
        return of(
                504,
                GrpcStatus.DEADLINE_EXCEEDED,
                "upstream max stream duration reached",
                ResponseFlag.UPSTREAM_MAX_STREAM_DURATION,
                "upstream_max_stream_duration_reached");
    }

    /** Nothing came or went for too long; the status tells whether the request had ended, as in Envoy. */
    public static LocalReply idleTimeout(boolean requestEnded) {
        return of(
                requestEnded ? 504 : 408,
                GrpcStatus.DEADLINE_EXCEEDED,
                "stream timeout",
                ResponseFlag.STREAM_IDLE_TIMEOUT,
                "stream_idle_timeout");
    }

    public static LocalReply requestTimeout() {
        return of(
                408,
                GrpcStatus.DEADLINE_EXCEEDED,
                "request timeout",
                ResponseFlag.DOWNSTREAM_PROTOCOL_ERROR,
                "request_overall_timeout");
    }

    /** A change of protocol that the configuration does not allow. */
    public static LocalReply upgradeRefused() {
        return of(403, GrpcStatus.PERMISSION_DENIED, "", null, "upgrade_failed");
    }

    /** A path that cannot be brought into its normal form, or must not be. */
    public static LocalReply badPath() {
        return of(400, GrpcStatus.INVALID_ARGUMENT, "", null, "path_normalization_failed");
    }

    /** The path has another form, which the caller should ask for. */
    public static LocalReply otherPath(String path) {
        return of(307, GrpcStatus.UNKNOWN, "", null, "path_normalized").with("location", Location.here(path));
    }

    /** The backend's SETTINGS do not offer extended CONNECT, which must not be sent then (RFC 8441 section 3). */
    public static LocalReply upgradeNotOffered() {
        return of(
                503,
                GrpcStatus.UNAVAILABLE,
                "the backend does not offer a change of protocol",
                ResponseFlag.UPSTREAM_PROTOCOL_ERROR,
                "extended_connect_not_offered");
    }

    /** More of the request has come before the next attempt than is kept for one. */
    public static LocalReply tooLargeToRetry() {
        return of(
                507,
                GrpcStatus.UNKNOWN,
                "exceeded request buffer limit while retrying upstream",
                null,
                "request_payload_exceeded_retry_buffer_limit");
    }

    /** To a preflight; the filter that makes it adds what a client wants to know. */
    public static LocalReply preflight() {
        return of(200, GrpcStatus.fromHttp(200), "", null, "cors_response");
    }

    /** To a health check: whether the gateway says that it is well. */
    public static LocalReply healthCheck(boolean fail) {
        return fail
                ? of(503, GrpcStatus.fromHttp(503), "", ResponseFlag.FAILED_LOCAL_HEALTH_CHECK, "health_check_failed")
                : of(200, GrpcStatus.fromHttp(200), "", null, "health_check_ok");
    }

    public static LocalReply shuttingDown() {
        return of(
                503, GrpcStatus.UNAVAILABLE, "the gateway is shutting down", ResponseFlag.LOCAL_RESET, "gateway_drain");
    }

    public static LocalReply directResponse(int status, String body) {
        return new LocalReply(status, GrpcStatus.fromHttp(status).code(), body, null, "direct_response", List.of());
    }

    /** To another place. */
    public static LocalReply redirect(int status, String location) {
        return directResponse(status, "").with("location", Location.here(location));
    }

    /** A response that breaks the rules of gRPC. */
    public static LocalReply brokenAnswer(GrpcStatus status, String message) {
        return of(502, status, message, ResponseFlag.UPSTREAM_PROTOCOL_ERROR, "upstream_protocol_error");
    }

    /** The backend ended its stream in the middle of a response. */
    public static LocalReply upstreamLost(UpstreamFailure failure, GrpcStatus status) {
        return of(
                failure.httpStatus(),
                status,
                "upstream reset: " + failure.text(),
                failure.flag(),
                "upstream_reset_after_response_started{" + failure.text().replace(' ', '_') + "}");
    }
}
