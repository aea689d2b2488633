package io.grpcweb.gateway.http;

import io.grpcweb.gateway.config.ErrorFormat;
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
 * @param details for the access log
 * @param headers further fields of the response
 */
public record LocalReply(
        int httpStatus,
        int grpcStatus,
        String message,
        ResponseFlag flag,
        Details details,
        List<Map.Entry<String, String>> headers) {

    private static final String UPSTREAM_ERROR = "upstream connect error or disconnect/reset before headers. ";

    public LocalReply {
        headers = List.copyOf(headers);
    }

    /** Whether somebody does not get what was asked for; a route that answers so by its configuration gives just that. */
    boolean isRefusal() {
        return httpStatus >= 400 && details != Details.DIRECT_RESPONSE;
    }

    /** Whether it answers a preflight, which is no call. */
    public boolean isPreflight() {
        return details == Details.PREFLIGHT;
    }

    /** With the section of the documentation in its message, where that is the gateway's own; once. */
    LocalReply explained() {
        String told = message.contains(details.help()) ? message : details.explain(message);
        return told.equals(message) ? this : new LocalReply(httpStatus, grpcStatus, told, flag, details, headers);
    }

    /**
     * Whether a gRPC-Web caller is told its HTTP status alone: no call was made, or a route says no more than that. Where the
     * status has to stand in the body, it stands there all the same.
     */
    public boolean hasNoGrpcStatus(ErrorFormat format) {
        return isPreflight()
                || (format == ErrorFormat.ENVOY && details == Details.DIRECT_RESPONSE && message.isEmpty());
    }

    private static LocalReply of(int http, GrpcStatus grpc, String message, ResponseFlag flag, Details details) {
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
                Details.CODEC_ERROR);
    }

    /**
     * A call that a policy does not let pass.
     *
     * @param message for the caller; may be empty
     */
    public static LocalReply denied(int httpStatus, String message, Details details) {
        return of(httpStatus, GrpcStatus.fromHttp(httpStatus), message, null, details);
    }

    /** RFC 9110 section 15.5.20: the client may ask again on a connection that was made for this host. */
    public static LocalReply misdirected() {
        return of(421, GrpcStatus.UNKNOWN, "Misdirected Request", null, Details.MISDIRECTED);
    }

    /** A fault of the gateway itself; its log has the rest. */
    public static LocalReply internalError() {
        return of(500, GrpcStatus.INTERNAL, "internal error of the gateway", null, Details.FAULT);
    }

    public static LocalReply noRoute() {
        return of(404, GrpcStatus.UNIMPLEMENTED, "", ResponseFlag.NO_ROUTE, Details.NO_ROUTE);
    }

    /** Whether a route takes the call is for the backend to say, and it has not said. */
    public static LocalReply unknownServices() {
        return of(
                503,
                GrpcStatus.UNAVAILABLE,
                "the backend has not told its services yet",
                ResponseFlag.NO_ROUTE,
                Details.NO_SERVICES);
    }

    public static LocalReply unknownCluster(int httpStatus) {
        return of(httpStatus, GrpcStatus.UNAVAILABLE, "", ResponseFlag.NO_CLUSTER, Details.NO_CLUSTER);
    }

    public static LocalReply noHealthyUpstream() {
        return noHealthyUpstream(503);
    }

    /** The one endpoint that would do takes no calls, and the configuration has a status for that. */
    public static LocalReply noHealthyUpstream(int httpStatus) {
        return of(
                httpStatus,
                GrpcStatus.fromHttp(httpStatus),
                "no healthy upstream",
                ResponseFlag.NO_HEALTHY_UPSTREAM,
                Details.NO_HEALTHY_UPSTREAM);
    }

    /** gRPC-Web is POST only. */
    public static LocalReply methodNotAllowed() {
        return of(405, GrpcStatus.UNIMPLEMENTED, "gRPC-Web calls use POST", null, Details.METHOD_REFUSED)
                .with("allow", "POST");
    }

    public static LocalReply unsupportedMediaType(String message) {
        return of(415, GrpcStatus.INTERNAL, message, null, Details.CONTENT_TYPE_REFUSED);
    }

    /** A message that is longer than the configuration allows. */
    public static LocalReply messageTooLong(long bytes, long limit) {
        return of(
                413,
                GrpcStatus.RESOURCE_EXHAUSTED,
                "message is " + bytes + " bytes, limit is " + limit,
                null,
                Details.MESSAGE_TOO_LONG);
    }

    /**
     * A message that is longer than a setting allows.
     *
     * @param direction {@code request} or {@code response}
     * @param setting the path of its key
     */
    public static LocalReply messageTooLong(String direction, long bytes, long limit, String setting) {
        return of(
                413,
                GrpcStatus.RESOURCE_EXHAUSTED,
                "a message of the " + direction + " is " + bytes + " bytes, limit is " + limit + " by " + setting,
                null,
                Details.MESSAGE_TOO_LONG);
    }

    /** A body that is longer than a filter may hold. */
    public static LocalReply payloadTooLarge() {
        return of(413, GrpcStatus.RESOURCE_EXHAUSTED, "Payload Too Large", null, Details.PAYLOAD_TOO_LARGE);
    }

    public static LocalReply badBase64(boolean size) {
        return of(
                400,
                GrpcStatus.INTERNAL,
                "Bad gRPC-web request, invalid base64 data.",
                null,
                size ? Details.BAD_BASE64_SIZE : Details.BAD_BASE64);
    }

    /** A body that is not in the content coding that it names. */
    public static LocalReply badCoding(String message) {
        return of(400, GrpcStatus.INTERNAL, message, null, Details.BAD_CODING);
    }

    /** A body in a content coding that is far longer without it. */
    public static LocalReply growsTooMuch(String message) {
        return of(413, GrpcStatus.RESOURCE_EXHAUSTED, message, null, Details.PAYLOAD_TOO_LARGE);
    }

    /** So many bodies are in a content coding that there is no memory for one more. */
    public static LocalReply tooManyCoded() {
        return of(503, GrpcStatus.RESOURCE_EXHAUSTED, "too many compressed bodies", null, Details.TOO_MANY_CODED);
    }

    /** A body of HTTP/1.1 whose framing breaks in the middle of a call. */
    public static LocalReply badRequestBody() {
        return of(400, GrpcStatus.INTERNAL, "Bad Request", ResponseFlag.DOWNSTREAM_PROTOCOL_ERROR, Details.HTTP1_ERROR);
    }

    public static LocalReply overflow() {
        return of(
                        503,
                        GrpcStatus.UNAVAILABLE,
                        UPSTREAM_ERROR + "reset reason: overflow",
                        ResponseFlag.UPSTREAM_OVERFLOW,
                        Details.OVERFLOW)
                .with("x-envoy-overloaded", "true");
    }

    /**
     * The process runs short of something, and a call less is what helps.
     *
     * @param fields that tell so, or let a page read the response
     */
    public static LocalReply overloaded(List<Map.Entry<String, String>> fields) {
        return new LocalReply(503, GrpcStatus.UNAVAILABLE.code(), "envoy overloaded", null, Details.OVERLOAD, fields);
    }

    /** The endpoints' policy has some calls, or all of them, answered instead of sent. */
    public static LocalReply dropOverload(boolean all) {
        return all
                ? of(
                                503,
                                GrpcStatus.UNAVAILABLE,
                                "unconditional drop overload",
                                ResponseFlag.UNCONDITIONAL_DROP_OVERLOAD,
                                Details.ALL_DROPPED)
                        .with("x-envoy-unconditional-drop-overload", "true")
                : of(503, GrpcStatus.UNAVAILABLE, "drop overload", ResponseFlag.DROP_OVERLOAD, Details.DROPPED)
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
                failure.beforeResponse());
    }

    public static LocalReply routeTimeout() {
        return of(
                504,
                GrpcStatus.DEADLINE_EXCEEDED,
                "upstream request timeout",
                ResponseFlag.UPSTREAM_TIMEOUT,
                Details.ROUTE_TIMEOUT);
    }

    public static LocalReply perTryTimeout() {
        return of(
                504,
                GrpcStatus.DEADLINE_EXCEEDED,
                "upstream request timeout",
                ResponseFlag.UPSTREAM_TIMEOUT,
                Details.PER_TRY_TIMEOUT);
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
                Details.DURATION_TIMEOUT);
    }

    public static LocalReply upstreamDurationTimeout() {
        return of(
                504,
                GrpcStatus.DEADLINE_EXCEEDED,
                "upstream max stream duration reached",
                ResponseFlag.UPSTREAM_MAX_STREAM_DURATION,
                Details.UPSTREAM_DURATION_TIMEOUT);
    }

    /** Nothing came or went for too long; the status tells whether the request had ended, as in Envoy. */
    public static LocalReply idleTimeout(boolean requestEnded) {
        return of(
                requestEnded ? 504 : 408,
                GrpcStatus.DEADLINE_EXCEEDED,
                "stream timeout",
                ResponseFlag.STREAM_IDLE_TIMEOUT,
                Details.IDLE_TIMEOUT);
    }

    public static LocalReply requestTimeout() {
        return of(
                408,
                GrpcStatus.DEADLINE_EXCEEDED,
                "request timeout",
                ResponseFlag.DOWNSTREAM_PROTOCOL_ERROR,
                Details.REQUEST_TIMEOUT);
    }

    /** A change of protocol that the configuration does not allow. */
    public static LocalReply upgradeRefused() {
        return of(403, GrpcStatus.PERMISSION_DENIED, "", null, Details.UPGRADE_REFUSED);
    }

    /** A page that may not call, where no browser has asked a preflight. */
    public static LocalReply originRefused() {
        return of(403, GrpcStatus.PERMISSION_DENIED, "", null, Details.ORIGIN_REFUSED);
    }

    /** More calls at once than a WebSocket may carry. */
    public static LocalReply tooManyCalls(int most) {
        return of(
                429,
                GrpcStatus.RESOURCE_EXHAUSTED,
                "more than " + most + " calls at once on one WebSocket, see http2.max-concurrent-streams",
                null,
                Details.TOO_MANY_CALLS);
    }

    /** A message of a WebSocket that is longer than the configuration allows. */
    public static LocalReply frameTooLong(int limit) {
        return of(
                413,
                GrpcStatus.RESOURCE_EXHAUSTED,
                "a WebSocket message is longer than " + limit + " bytes, see websocket.message",
                null,
                Details.MESSAGE_TOO_LONG);
    }

    /** RFC 6455 section 4.4: the handshake of a WebSocket of another version. */
    public static LocalReply webSocketVersion(String spoken) {
        return of(426, GrpcStatus.UNIMPLEMENTED, "Upgrade Required", null, Details.UPGRADE_REFUSED)
                .with("sec-websocket-version", spoken);
    }

    /** A path that cannot be brought into its normal form, or must not be. */
    public static LocalReply badPath() {
        return of(400, GrpcStatus.INTERNAL, "", null, Details.PATH_REFUSED);
    }

    /** The path has another form, which the caller should ask for. */
    public static LocalReply otherPath(String path) {
        return of(307, GrpcStatus.UNKNOWN, "", null, Details.PATH_NORMALIZED).with("location", Location.here(path));
    }

    /** The backend's SETTINGS do not offer extended CONNECT, which must not be sent then (RFC 8441 section 3). */
    public static LocalReply upgradeNotOffered() {
        return of(
                503,
                GrpcStatus.UNAVAILABLE,
                "the backend does not offer a change of protocol",
                ResponseFlag.UPSTREAM_PROTOCOL_ERROR,
                Details.UPGRADE_NOT_OFFERED);
    }

    /** More of the request has come before the next attempt than is kept for one. */
    public static LocalReply tooLargeToRetry() {
        return of(
                507,
                GrpcStatus.UNKNOWN,
                "exceeded request buffer limit while retrying upstream",
                null,
                Details.RETRY_BUFFER_FULL);
    }

    /** To a preflight; the filter that makes it adds what a client wants to know. */
    public static LocalReply preflight() {
        return of(200, GrpcStatus.fromHttp(200), "", null, Details.PREFLIGHT);
    }

    /** To a health check: whether the gateway says that it is well. */
    public static LocalReply healthCheck(boolean healthy, Details details) {
        int status = healthy ? 200 : 503;
        ResponseFlag flag = healthy ? null : ResponseFlag.FAILED_LOCAL_HEALTH_CHECK;
        return of(status, GrpcStatus.fromHttp(status), "", flag, details);
    }

    public static LocalReply shuttingDown() {
        return of(503, GrpcStatus.UNAVAILABLE, "the gateway is shutting down", ResponseFlag.LOCAL_RESET, Details.DRAIN);
    }

    /** A path that has no file, where a route answers with files. */
    public static LocalReply noFile() {
        return of(404, GrpcStatus.UNIMPLEMENTED, "there is no such file\n", null, Details.DIRECT_RESPONSE);
    }

    /** A method that files do not know (RFC 9110, section 15.5.6). */
    public static LocalReply onlyRead() {
        return of(405, GrpcStatus.UNIMPLEMENTED, "", null, Details.DIRECT_RESPONSE)
                .with("allow", "GET, HEAD");
    }

    /** What a route says itself about the place {@code here}, the URL that was asked for. */
    public static LocalReply directResponse(int status, String body, String here) {
        LocalReply reply = directResponse(status, body);
        // As in Envoy, a status that speaks of a place names this one (RFC 9110 section 10.2.2).
        return status == 201 || status / 100 == 3 ? reply.with("location", here) : reply;
    }

    public static LocalReply directResponse(int status, String body) {
        return new LocalReply(
                status, GrpcStatus.fromHttp(status).code(), body, null, Details.DIRECT_RESPONSE, List.of());
    }

    /** To another place. */
    public static LocalReply redirect(int status, String location) {
        return new LocalReply(status, GrpcStatus.fromHttp(status).code(), "", null, Details.REDIRECT, List.of())
                .with("location", Location.here(location));
    }

    /** A response that breaks the rules of gRPC. */
    public static LocalReply brokenAnswer(GrpcStatus status, String message) {
        return of(502, status, message, ResponseFlag.UPSTREAM_PROTOCOL_ERROR, Details.UPSTREAM_PROTOCOL_ERROR);
    }

    /**
     * The backend ended its stream in the middle of a response.
     *
     * @param begun whether the client has got the beginning; else a filter holds it
     */
    public static LocalReply upstreamLost(UpstreamFailure failure, GrpcStatus status, boolean begun) {
        return of(
                failure.httpStatus(),
                status,
                (begun ? "upstream reset: " : UPSTREAM_ERROR + "reset reason: ") + failure.text(),
                failure.flag(),
                failure.afterResponse());
    }
}
