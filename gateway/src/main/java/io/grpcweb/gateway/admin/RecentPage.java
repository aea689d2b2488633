package io.grpcweb.gateway.admin;

import io.grpcweb.gateway.telemetry.RecentEvents;
import io.grpcweb.gateway.telemetry.RecentEvents.Failure;
import io.grpcweb.gateway.telemetry.RecentEvents.Hinted;
import io.grpcweb.gateway.telemetry.RecentEvents.Refusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /recent}: which pages were not let in and why, and which calls the gateway itself had to fail. */
final class RecentPage implements Page {
    private final RecentEvents events;

    RecentPage(RecentEvents events) {
        this.events = events;
    }

    @Override
    public AdminResponse answer(AdminRequest request) {
        if ("json".equals(request.value("format"))) {
            Map<String, Object> out = new LinkedHashMap<>();
            out.put("hints", events.hints().stream().map(RecentPage::json).toList());
            out.put(
                    "cors_refusals",
                    events.refusals().stream().map(RecentPage::json).toList());
            out.put("errors", events.failures().stream().map(RecentPage::json).toList());
            return AdminResponse.json(Json.pretty(out));
        }
        StringBuilder out = new StringBuilder();
        if (!events.hints().isEmpty()) {
            out.append("<h2>What to change</h2>");
            table(
                    out,
                    List.of("time", "where", "what", "cure", "more"),
                    events.hints().stream()
                            .map(hint -> List.of(
                                    hint.at().toString(), hint.about(), hint.what(), hint.cure(), hint.help()))
                            .toList());
        }
        out.append("<h2>Pages that were not let in (CORS)</h2>");
        table(
                out,
                List.of("time", "origin", "what", "rule tried", "what would allow it"),
                events.refusals().stream()
                        .map(refusal -> List.of(
                                refusal.at().toString(),
                                refusal.origin(),
                                refusal.what(),
                                refusal.rule(),
                                refusal.setting()))
                        .toList());
        out.append("<h2>Errors of the gateway's own</h2>");
        table(
                out,
                List.of("time", "HTTP", "gRPC", "flags", "details", "cluster", "endpoint", "reason", "cause and cure"),
                events.failures().stream().map(RecentPage::cells).toList());
        return AdminResponse.html(Html.page("Recent refusals and errors", out.toString()));
    }

    private static void table(StringBuilder out, List<String> head, List<List<String>> rows) {
        if (rows.isEmpty()) {
            out.append("<p class=\"none\">none</p>");
            return;
        }
        out.append("<table><tr>");
        head.forEach(name -> out.append("<th>").append(name).append("</th>"));
        out.append("</tr>");
        for (List<String> row : rows) {
            out.append("<tr>");
            row.forEach(cell -> out.append("<td>").append(Html.escape(cell)).append("</td>"));
            out.append("</tr>");
        }
        out.append("</table>");
    }

    private static List<String> cells(Failure failure) {
        return List.of(
                failure.at().toString(),
                Integer.toString(failure.httpStatus()),
                failure.grpcStatus() < 0 ? "-" : Integer.toString(failure.grpcStatus()),
                failure.flags(),
                failure.details(),
                failure.cluster(),
                failure.endpoint(),
                failure.reason(),
                failure.help());
    }

    private static Map<String, Object> json(Hinted hint) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("time", hint.at().toString());
        out.put("about", hint.about());
        out.put("what", hint.what());
        out.put("cure", hint.cure());
        out.put("help", hint.help());
        return out;
    }

    private static Map<String, Object> json(Refusal refusal) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("time", refusal.at().toString());
        out.put("origin", refusal.origin());
        out.put("what", refusal.what());
        out.put("rule", refusal.rule());
        out.put("setting", refusal.setting());
        return out;
    }

    private static Map<String, Object> json(Failure failure) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("time", failure.at().toString());
        out.put("http_status", failure.httpStatus());
        out.put("grpc_status", failure.grpcStatus() < 0 ? null : (Object) failure.grpcStatus());
        out.put("flags", failure.flags());
        out.put("details", failure.details());
        out.put("help", failure.help());
        out.put("cluster", failure.cluster());
        out.put("endpoint", failure.endpoint());
        out.put("reason", failure.reason());
        return out;
    }
}
