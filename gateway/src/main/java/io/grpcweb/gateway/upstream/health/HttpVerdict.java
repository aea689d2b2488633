package io.grpcweb.gateway.upstream.health;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.RouteConfig;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;

/** What the response to an HTTP health check says: its status, its body, and whose it is. One object is one response. */
final class HttpVerdict {
    /** Says which cluster the check came to, where the other side is a proxy. */
    static final String CLUSTER = "x-envoy-upstream-healthchecked-cluster";

    static final String DEGRADED = "x-envoy-degraded";

    private final ClusterConfig.HealthCheck config;
    private final ByteBuf body = Unpooled.buffer(0);
    private int status;
    private CharSequence cluster;
    private boolean degraded;

    HttpVerdict(ClusterConfig.HealthCheck config) {
        this.config = config;
    }

    /**
     * The head has come.
     *
     * @param toldCluster null where the response does not say it
     */
    void head(int toldStatus, CharSequence toldCluster, boolean isDegraded) {
        status = toldStatus;
        cluster = toldCluster;
        degraded = isDegraded;
    }

    /** A part of the body; the sender keeps it. */
    void data(ByteBuf part) {
        if (config.receive().isEmpty()) {
            return;
        }
        int room = config.bodyBytes() == 0 ? part.readableBytes() : config.bodyBytes() - body.readableBytes();
        body.writeBytes(part, part.readerIndex(), Math.min(part.readableBytes(), room));
    }

    /** All of it has come. */
    HealthState.Result result() {
        if (!isExpected(config.expectedStatuses(), status) || !hasReceived() || !isFromBackend()) {
            return HealthState.Result.BAD;
        }
        return degraded ? HealthState.Result.DEGRADED : HealthState.Result.GOOD;
    }

    /** 200 where none are configured. */
    private static boolean isExpected(List<RouteConfig.Range> ranges, int status) {
        return ranges.isEmpty() ? status == 200 : ranges.stream().anyMatch(range -> range.contains(status));
    }

    private boolean hasReceived() {
        for (String hex : config.receive()) {
            ByteBuf wanted = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
            int at = ByteBufUtil.indexOf(wanted, body.slice());
            if (at < 0) {
                return false;
            }
            body.skipBytes(at + wanted.readableBytes());
        }
        return true;
    }

    private boolean isFromBackend() {
        return config.backend()
                .map(wanted -> wanted.matches(cluster == null ? "" : cluster))
                .orElse(true);
    }
}
