package io.grpcweb.gateway.upstream.host;

import java.util.List;

/** Why an endpoint is held to be less than healthy; named as in Envoy's {@code /clusters}. */
public enum HealthFlag {
    FAILED_ACTIVE_HC(0, "failed_active_hc", true),
    FAILED_OUTLIER_CHECK(1, "failed_outlier_check", true),
    FAILED_EDS_HEALTH(2, "failed_eds_health", true),
    DEGRADED_ACTIVE_HC(3, "degraded_active_hc", false),
    DEGRADED_EDS_HEALTH(4, "degraded_eds_health", false),
    /** Gone from discovery, but still answering its health checks. */
    PENDING_DYNAMIC_REMOVAL(5, "pending_dynamic_removal", false),
    /** Not asked yet. */
    PENDING_ACTIVE_HC(6, "pending_active_hc", false),
    ACTIVE_HC_TIMEOUT(7, "active_hc_timeout", false),
    EDS_STATUS_DRAINING(8, "eds_status_draining", true);

    /** The bits of the flags that take an endpoint out. */
    static final int UNHEALTHY = bits(true);

    static final int DEGRADED = DEGRADED_ACTIVE_HC.bit() | DEGRADED_EDS_HEALTH.bit();

    /** Those that the configuration or a control plane sets. */
    static final List<HealthFlag> SAID = List.of(FAILED_EDS_HEALTH, DEGRADED_EDS_HEALTH, EDS_STATUS_DRAINING);

    private final int bit;
    private final String envoyName;
    private final boolean unhealthy;

    HealthFlag(int place, String envoyName, boolean unhealthy) {
        this.bit = 1 << place;
        this.envoyName = envoyName;
        this.unhealthy = unhealthy;
    }

    int bit() {
        return bit;
    }

    /** {@code /failed_active_hc/...}, or {@code healthy}. */
    static String text(int flags) {
        StringBuilder text = new StringBuilder();
        for (HealthFlag flag : values()) {
            if ((flags & flag.bit()) != 0) {
                text.append('/').append(flag.envoyName);
            }
        }
        return text.isEmpty() ? "healthy" : text.toString();
    }

    private static int bits(boolean unhealthy) {
        int bits = 0;
        for (HealthFlag flag : values()) {
            if (flag.unhealthy == unhealthy) {
                bits |= flag.bit();
            }
        }
        return bits;
    }
}
