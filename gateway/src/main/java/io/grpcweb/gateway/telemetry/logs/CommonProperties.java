package io.grpcweb.gateway.telemetry.logs;

import io.grpcweb.gateway.http.ResponseFlag;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.telemetry.export.ProtoWriter;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;

/** {@code envoy.data.accesslog.v3.AccessLogCommon}: what is said of an exchange whatever its protocol. */
final class CommonProperties {
    private static final int DOWNSTREAM_END = 6;
    private static final long NANOS = TimeUnit.SECONDS.toNanos(1);

    private final OwnTagValues tags;

    CommonProperties(OwnTagValues tags) {
        this.tags = tags;
    }

    void write(int field, StreamInfo info, ProtoWriter out) {
        int common = out.open(field);
        if (info.clientAddress == null) {
            address(2, info.connection.remote(), out);
        } else {
            ip(2, info.clientAddress, 0, out);
        }
        address(3, info.connection.local(), out);
        TlsProperties.write(4, info.connection, out);
        int start = out.open(5);
        out.whole(1, info.startMillis / 1000).whole(2, info.startMillis % 1000 * 1_000_000);
        out.close(start);
        since(6, info, info.lastRequestByteNanos, out);
        since(7, info, info.firstUpstreamTxNanos, out);
        since(8, info, info.lastUpstreamTxNanos, out);
        since(9, info, info.firstUpstreamRxNanos, out);
        since(10, info, info.firstUpstreamRxNanos == 0 ? 0 : info.lastUpstreamRxNanos, out);
        since(11, info, info.firstResponseByteNanos, out);
        since(12, info, info.firstResponseByteNanos == 0 ? 0 : info.endNanos, out);
        address(13, info.upstreamRemote, out);
        address(14, info.upstreamLocal, out);
        out.text(15, info.cluster);
        FlagsMessage.write(16, info, out);
        if (info.metadata != null) {
            int metadata = out.open(17);
            info.metadata.forEach((namespace, fields) -> Structs.entry(1, namespace, fields, out));
            out.close(metadata);
        }
        if (info.has(ResponseFlag.UPSTREAM_CONNECTION_FAILURE)) {
            out.text(18, info.upstreamFailure);
        }
        out.text(19, info.routeName);
        address(20, info.connection.remote(), out);
        tags.forEach(info, (name, value) -> {
            int tag = out.open(22);
            out.text(1, name).text(2, value);
            out.close(tag);
        });
        since(23, info, info.endNanos, out);
        out.whole(24, info.attempts);
        out.text(26, info.requestHeaders.get("x-request-id"));
        out.whole(33, DOWNSTREAM_END);
        out.close(common);
    }

    /** The time from the begin to a point as a {@code google.protobuf.Duration}; none where the point was not reached. */
    private static void since(int field, StreamInfo info, long nanos, ProtoWriter out) {
        if (nanos != 0) {
            long taken = Math.max(0, nanos - info.startNanos);
            int duration = out.open(field);
            out.whole(1, taken / NANOS).whole(2, taken % NANOS);
            out.close(duration);
        }
    }

    /** An {@code envoy.config.core.v3.Address}. */
    private static void address(int field, SocketAddress address, ProtoWriter out) {
        if (address instanceof InetSocketAddress inet) {
            ip(
                    field,
                    inet.getAddress() == null
                            ? inet.getHostString()
                            : inet.getAddress().getHostAddress(),
                    inet.getPort(),
                    out);
        } else if (address != null) {
            int pipe = out.open(field);
            int path = out.open(2);
            out.text(1, address.toString());
            out.close(path);
            out.close(pipe);
        }
    }

    private static void ip(int field, String host, int port, ProtoWriter out) {
        int address = out.open(field);
        int socket = out.open(1);
        out.text(2, host).oneWhole(3, port);
        out.close(socket);
        out.close(address);
    }
}
