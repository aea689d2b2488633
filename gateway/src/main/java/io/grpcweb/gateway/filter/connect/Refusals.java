package io.grpcweb.gateway.filter.connect;

import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.ForeignText;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.LocalReply;
import java.util.List;
import java.util.Map;

/** What a Connect request is refused with. */
final class Refusals {
    private static final Details VERSION = Details.of("connect_version");
    private static final Details TIMEOUT = Details.of("connect_timeout");
    private static final Details ENCODING = Details.of("connect_encoding");
    private static final Details METHOD = Details.of("connect_method");
    private static final Details TYPE = Details.of("connect_content_type");
    private static final Details QUERY = Details.of("connect_query");
    private static final Details BODY = Details.of("connect_body");
    private static final Details ANSWER = Details.of("connect_answer");

    private Refusals() {}

    private static LocalReply of(int http, GrpcStatus status, String message, Details details) {
        return new LocalReply(http, status.code(), message, null, details, List.of());
    }

    private static LocalReply with(LocalReply reply, String name, String value) {
        return new LocalReply(
                reply.httpStatus(),
                reply.grpcStatus(),
                reply.message(),
                reply.flag(),
                reply.details(),
                List.of(Map.entry(name, value)));
    }

    static LocalReply version(CharSequence sent) {
        String message = sent == null
                ? "missing required field: set connect-protocol-version to \"1\""
                : "connect-protocol-version must be \"1\": got \"" + ForeignText.of(sent) + "\"";
        return of(400, GrpcStatus.INVALID_ARGUMENT, message, VERSION);
    }

    static LocalReply timeout(CharSequence sent) {
        return of(
                400,
                GrpcStatus.INVALID_ARGUMENT,
                "connect-timeout-ms must be a number of up to ten digits: got \"" + ForeignText.of(sent) + "\"",
                TIMEOUT);
    }

    static LocalReply method(String allowed) {
        return with(
                of(405, GrpcStatus.UNKNOWN, "this call uses " + allowed.replace(", ", " or "), METHOD),
                "allow",
                allowed);
    }

    static LocalReply contentType(CharSequence sent) {
        return with(
                of(
                        415,
                        GrpcStatus.UNKNOWN,
                        "content-type \"" + ForeignText.of(sent) + "\" is none of the Connect protocol",
                        TYPE),
                "accept-post",
                "application/proto, application/json, application/connect+proto, application/connect+json");
    }

    static LocalReply query(String message) {
        return of(400, GrpcStatus.INVALID_ARGUMENT, message, QUERY);
    }

    /** A message of this length is not what came. */
    static LocalReply length(long announced, long came) {
        return of(
                400,
                GrpcStatus.INVALID_ARGUMENT,
                "content-length is " + announced + ", the body is " + came + " bytes",
                BODY);
    }

    /** A backend has set flags of a message that it may not. */
    static LocalReply flags(int flags) {
        return of(
                502,
                GrpcStatus.INTERNAL,
                flags == 1
                        ? "the backend sent a compressed message without grpc-encoding"
                        : "the backend sent a message with unknown flags " + flags,
                ANSWER);
    }

    /** A method that no descriptor has, called with JSON. */
    static LocalReply unknownMethod(CharSequence path) {
        return of(404, GrpcStatus.UNIMPLEMENTED, "the descriptors have no method " + ForeignText.of(path), QUERY);
    }

    /** A message of the caller that cannot be read. */
    static LocalReply message(String problem) {
        return of(400, GrpcStatus.INVALID_ARGUMENT, problem, BODY);
    }

    /** The caller has set flags of a message that it may not. */
    static LocalReply requestFlags(int flags) {
        return of(
                400,
                GrpcStatus.INTERNAL,
                flags == 1 ? "a compressed message, and no coding is named" : "a message with unknown flags " + flags,
                BODY);
    }

    /** A coding of messages that cannot be unpacked here. */
    static LocalReply encoding(CharSequence sent) {
        return with(
                of(
                        501,
                        GrpcStatus.UNIMPLEMENTED,
                        "unknown compression \"" + ForeignText.of(sent) + "\" of JSON: supported encodings are gzip",
                        ENCODING),
                GrpcHeaders.ACCEPT_ENCODING.toString(),
                "gzip");
    }

    /** A unary call has one message, in both directions. */
    static LocalReply messages(long count) {
        return of(502, GrpcStatus.UNIMPLEMENTED, "unary call: the backend sent " + count + " messages", ANSWER);
    }
}
