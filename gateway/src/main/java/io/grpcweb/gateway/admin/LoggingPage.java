package io.grpcweb.gateway.admin;

import java.util.List;
import java.util.Map;

/** {@code /logging}: shows and changes the levels of the log. */
final class LoggingPage implements Page {
    private static final List<String> LEVELS = List.of("trace", "debug", "info", "warning", "error", "critical", "off");
    private static final String USAGE = """

            usage: /logging?<name>=<level> (change single level)
            usage: /logging?paths=name1:level1,name2:level2,... (change multiple levels)
            usage: /logging?level=<level> (change all levels)
            levels: trace debug info warning error critical off
            """;

    private final Controls controls;

    LoggingPage(Controls controls) {
        this.controls = controls;
    }

    @Override
    public AdminResponse answer(AdminRequest request) {
        String problem = request.query().isEmpty() ? null : change(request);
        StringBuilder out = new StringBuilder();
        if (problem != null) {
            out.append("error: ").append(problem).append('\n').append(USAGE);
        }
        out.append("active loggers:\n");
        controls.logLevels()
                .forEach((name, level) ->
                        out.append("  ").append(name).append(": ").append(level).append('\n'));
        out.append('\n');
        return AdminResponse.text(problem == null ? 200 : 400, out.toString());
    }

    /** What is wrong, or null. */
    private String change(AdminRequest request) {
        if (request.query().size() != 1) {
            return "unknown logger name";
        }
        Map.Entry<String, String> only = request.query().entrySet().iterator().next();
        switch (only.getKey()) {
            case "level" -> {
                return set("", only.getValue());
            }
            case "paths", "group" -> {
                for (String part : only.getValue().split(",", -1)) {
                    int colon = part.lastIndexOf(':');
                    String problem = colon < 0
                            ? "empty logger name or empty logger level"
                            : set(part.substring(0, colon), part.substring(colon + 1));
                    if (problem != null) {
                        return problem;
                    }
                }
                return null;
            }
            default -> {
                return set(only.getKey(), only.getValue());
            }
        }
    }

    private String set(String name, String level) {
        String wanted = level.equals("warn") ? "warning" : level;
        if (!LEVELS.contains(wanted)) {
            return "unknown logger level";
        }
        if (!name.isEmpty() && !controls.logLevels().containsKey(name)) {
            return "unknown logger name";
        }
        controls.logLevel(name, wanted);
        return null;
    }
}
