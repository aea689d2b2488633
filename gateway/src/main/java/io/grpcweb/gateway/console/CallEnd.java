package io.grpcweb.gateway.console;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Status;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.PercentEncoding;
import io.grpcweb.gateway.schema.BadMessage;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * How a call has ended.
 *
 * @param code of gRPC, of any number
 * @param details of {@code google.rpc.Status}, each as JSON
 */
record CallEnd(int code, String message, List<String> details) {

    /** Without an answer of the backend. */
    static CallEnd of(GrpcStatus status, String message) {
        return new CallEnd(status.code(), message, List.of());
    }

    /**
     * As the backend said.
     *
     * @param head of the response
     * @param last where the status stands: the trailers, or the head where there is nothing else; null for nowhere
     */
    static CallEnd of(Http2Headers head, Http2Headers last, Api api) {
        CharSequence code = last == null ? null : last.get(GrpcHeaders.STATUS);
        int number = code == null ? -1 : GrpcStatus.parse(code);
        if (number < 0) {
            int http = Exchange.status(head);
            return http == 200
                    ? of(GrpcStatus.UNKNOWN, "the backend has sent no grpc-status")
                    : of(GrpcStatus.fromHttp(http), "the backend has answered with the HTTP status " + http);
        }
        CharSequence message = last.get(GrpcHeaders.MESSAGE);
        CharSequence details = last.get(GrpcHeaders.STATUS_DETAILS);
        return new CallEnd(
                number,
                message == null ? "" : PercentEncoding.decode(message),
                details == null ? List.of() : details(details.toString(), api));
    }

    /** {@code OK}, {@code NOT_FOUND} and so on; numbers without a name are UNKNOWN. */
    String name() {
        return GrpcStatus.of(code).name();
    }

    private static List<String> details(String field, Api api) {
        List<String> found = new ArrayList<>();
        try {
            Status status = Status.parseFrom(
                    Base64.getDecoder().decode(field.replace('-', '+').replace('_', '/')));
            for (Any detail : status.getDetailsList()) {
                found.add(detail(detail, api));
            }
        } catch (IllegalArgumentException | InvalidProtocolBufferException e) {
            found.add(plain("grpc-status-details-bin", "cannot be read", field));
        }
        return found;
    }

    private static String detail(Any detail, Api api) {
        try {
            return api.decode(detail);
        } catch (BadMessage e) {
            String base64 = Base64.getEncoder().encodeToString(detail.getValue().toByteArray());
            return plain(detail.getTypeUrl(), "the type is not known here", base64);
        }
    }

    private static String plain(String type, String problem, String base64) {
        return Event.object(out -> {
            out.writeStringField("@type", type);
            out.writeStringField("@problem", problem);
            out.writeStringField("base64", base64);
        });
    }
}
