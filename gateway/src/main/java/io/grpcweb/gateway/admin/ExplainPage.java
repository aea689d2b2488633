package io.grpcweb.gateway.admin;

import io.grpcweb.gateway.explain.CallQuestion;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** {@code /explain}: what a call would meet, with the line, or the resource and its version, that says so. */
final class ExplainPage implements Page {
    private final Snapshots snapshots;

    ExplainPage(Snapshots snapshots) {
        this.snapshots = snapshots;
    }

    @Override
    public AdminResponse answer(AdminRequest request) {
        String method = request.value("method");
        if (method == null || method.isEmpty()) {
            return AdminResponse.text(400, "a method is required: /explain?method=/package.Service/Method\n");
        }
        String headers = request.value("headers");
        String peer = request.value("peer");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            CallQuestion question = new CallQuestion(
                    method,
                    Optional.ofNullable(request.value("origin")),
                    Optional.ofNullable(request.value("host")),
                    Optional.ofNullable(request.value("listener")),
                    headers == null ? List.of() : headers.lines().toList(),
                    Optional.ofNullable(request.value("jwt")),
                    peer == null ? CallQuestion.LOCAL : peer);
            boolean found = snapshots.explainer().explain(question, new PrintStream(out, true, StandardCharsets.UTF_8));
            return AdminResponse.text(found ? 200 : 404, out.toString(StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return AdminResponse.text(400, e.getMessage() + "\n");
        }
    }
}
