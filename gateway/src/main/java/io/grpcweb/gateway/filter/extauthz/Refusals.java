package io.grpcweb.gateway.filter.extauthz;

import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.ResponseFlag;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The responses to calls that do not pass. */
record Refusals(ExtAuthzConfig config) {
    private static final Details DENIED = Details.quoting("ext_authz_denied");
    private static final Details ERROR = Details.quoting("ext_authz_error");
    private static final Details INVALID = Details.of("ext_authz_invalid");
    private static final int FORBIDDEN = 403;

    /** As the service says it. */
    LocalReply denied(Decision decision) {
        return reply(decision, FORBIDDEN, DENIED);
    }

    /** There is no answer, or one that tells of an error. */
    LocalReply error(Decision decision) {
        return reply(decision, config.onError().status(), ERROR);
    }

    /** The answer names fields that no message may have, or that it must not change. */
    LocalReply invalid() {
        return new LocalReply(
                500, GrpcStatus.fromHttp(500).code(), "", ResponseFlag.UNAUTHORIZED_SERVICE, INVALID, List.of());
    }

    /** As Envoy tells it. */
    LocalReply tooLarge() {
        return LocalReply.denied(413, "Payload Too Large", Details.PAYLOAD_TOO_LARGE);
    }

    private LocalReply reply(Decision decision, int usual, Details details) {
        int status = decision.status >= 200 && decision.status <= 599 ? decision.status : usual;
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        int grpc = GrpcStatus.fromHttp(status).code();
        for (Decision.Field field : decision.set) {
            if (field.name().equals("grpc-status")) {
                int named = GrpcStatus.parse(field.value());
                grpc = named > 0 && named <= 16 ? named : grpc;
            } else if (isForClient(field)) {
                fields.removeIf(before -> before.getKey().equals(field.name()));
                fields.add(Map.entry(field.name(), field.value()));
            }
        }
        for (Decision.Field field : decision.beside) {
            if (isForClient(field)) {
                fields.add(Map.entry(field.name(), field.value()));
            }
        }
        return new LocalReply(status, grpc, text(decision.text), ResponseFlag.UNAUTHORIZED_SERVICE, details, fields);
    }

    /** The text is the message, the gateway says how long the response is, and which status it has. */
    private static boolean isForClient(Decision.Field field) {
        return FieldSyntax.isField(field)
                && !field.name().startsWith(":")
                && switch (field.name()) {
                    case "content-length", "transfer-encoding", "connection" -> false;
                    default ->
                        !GrpcHeaders.STATUS.contentEquals(field.name())
                                && !GrpcHeaders.MESSAGE.contentEquals(field.name());
                };
    }

    /** What a configured length leaves of a text; no character is cut. */
    private String text(String text) {
        int most = config.effect().mostText();
        byte[] bytes = most == 0 ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= most) {
            return text;
        }
        int end = most;
        while (end > 0 && (bytes[end] & 0xc0) == 0x80) {
            end--;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }
}
