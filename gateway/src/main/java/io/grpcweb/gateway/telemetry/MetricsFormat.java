package io.grpcweb.gateway.telemetry;

/** In which form {@code /metrics} is written. */
public enum MetricsFormat {
    /** Prometheus's text format, which has no room for exemplars. */
    PROMETHEUS("text/plain; version=0.0.4; charset=utf-8"),
    /** OpenMetrics 1.0, as text. */
    OPEN_METRICS("application/openmetrics-text; version=1.0.0; charset=utf-8");

    private final String contentType;

    MetricsFormat(String contentType) {
        this.contentType = contentType;
    }

    public String contentType() {
        return contentType;
    }

    /**
     * What a client asks for: OpenMetrics where it names that, and no other text with a greater weight (RFC 9110, section 12.5.1).
     *
     * @param accept the field {@code accept}; empty for none
     */
    public static MetricsFormat of(String accept) {
        double open = 0;
        double text = 0;
        for (String range : accept.split(",", -1)) {
            String[] parts = range.split(";", -1);
            String type = parts[0].trim();
            if (type.equalsIgnoreCase("application/openmetrics-text")) {
                open = Math.max(open, weight(parts));
            } else if (type.equalsIgnoreCase("text/plain")) {
                text = Math.max(text, weight(parts));
            }
        }
        return open > 0 && open >= text ? OPEN_METRICS : PROMETHEUS;
    }

    /** A weight that is no number is none, as one that is not given: 1. */
    private static double weight(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].trim();
            if (parameter.startsWith("q=") || parameter.startsWith("Q=")) {
                try {
                    return Double.parseDouble(parameter.substring(2));
                } catch (NumberFormatException e) {
                    return 1;
                }
            }
        }
        return 1;
    }
}
