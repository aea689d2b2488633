package io.grpcweb.gateway.format;

import io.grpcweb.gateway.http.ConnectionInfo;
import io.grpcweb.gateway.http.StreamInfo;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** Operators about the two connections that an exchange uses. */
public final class ConnectionOperators {
    private ConnectionOperators() {}

    static Map<String, Operator> all() {
        Map<String, Operator> out = new HashMap<>();
        address(out, "DOWNSTREAM_LOCAL", info -> info.connection.local());
        address(out, "DOWNSTREAM_DIRECT_REMOTE", info -> info.connection.remote());
        address(out, "UPSTREAM_LOCAL", info -> info.upstreamLocal);
        address(out, "UPSTREAM_REMOTE", info -> info.upstreamRemote);
        client(out);
        out.put("REQUESTED_SERVER_NAME", (Operator.Octets) info -> info.connection.serverName());
        word(out, "LISTENER_NAME", info -> info.connection.listener());
        word(out, "FILTER_CHAIN_NAME", info -> info.filterChain);
        out.put("CONNECTION_ID", (Operator.Count) info -> info.connection.id());
        LastAddress endpoint = new LastAddress();
        word(out, "UPSTREAM_HOST", info -> endpoint.text(info.upstreamRemote));
        word(out, "UPSTREAM_HOST_NAME", info -> info.upstreamHost);
        put(out, "UPSTREAM_HOST_NAME_WITHOUT_PORT", info -> withoutPort(info.upstreamHost));
        word(out, "UPSTREAM_CLUSTER", info -> info.cluster);
        word(out, "UPSTREAM_CLUSTER_RAW", info -> info.cluster);
        word(out, "UPSTREAM_PROTOCOL", info -> Operator.text(info.upstreamProtocol));
        out.put("UPSTREAM_CONNECTION_ID", (Operator.Count) info -> info.upstreamConnectionId);
        put(out, "UPSTREAM_TRANSPORT_FAILURE_REASON", info -> info.upstreamFailure);
        out.put("UPSTREAM_REQUEST_ATTEMPT_COUNT", (Operator.Count) info -> attempts(info));
        return out;
    }

    /** The first one is counted when the head for it is made. */
    private static int attempts(StreamInfo info) {
        return info.attempts == 0 && info.cluster != null && info.responseCode == 0 && info.endNanos == 0
                ? 1
                : info.attempts;
    }

    /** The client by x-forwarded-for where that counts, which has no port. */
    private static void client(Map<String, Operator> out) {
        put(
                out,
                "DOWNSTREAM_REMOTE_ADDRESS",
                info -> info.clientAddress == null
                        ? text(info.connection.remote())
                        : bracketed(info.clientAddress) + ":0");
        put(
                out,
                "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT",
                info -> info.clientAddress == null ? info.connection.remoteHost() : info.clientAddress);
        out.put("DOWNSTREAM_REMOTE_PORT", (Operator.Count)
                info -> info.clientAddress == null ? port(info.connection.remote()) : 0);
    }

    private static void address(Map<String, Operator> out, String name, Function<StreamInfo, SocketAddress> address) {
        put(out, name + "_ADDRESS", info -> text(address.apply(info)));
        put(out, name + "_ADDRESS_WITHOUT_PORT", info -> ConnectionInfo.host(address.apply(info)));
        out.put(name + "_PORT", (Operator.Count) info -> port(address.apply(info)));
    }

    private static void word(Map<String, Operator> out, String name, Operator.Word operator) {
        out.put(name, operator);
    }

    private static void put(Map<String, Operator> out, String name, Operator.Text operator) {
        out.put(name, operator);
    }

    public static String text(SocketAddress address) {
        if (address instanceof InetSocketAddress inet) {
            return bracketed(ConnectionInfo.host(inet)) + ":" + inet.getPort();
        }
        return address == null ? null : address.toString();
    }

    private static long port(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet.getPort() : Operator.Count.NONE;
    }

    private static String bracketed(String host) {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    private static String withoutPort(String host) {
        int colon = host == null ? -1 : host.lastIndexOf(':');
        return colon < 0 ? host : host.substring(0, colon);
    }

    /** Remembers how the last address is written: calls to one endpoint follow each other. */
    private static final class LastAddress {
        private volatile Written last = new Written(null, null);

        private record Written(SocketAddress address, String text) {}

        String text(SocketAddress address) {
            Written known = last;
            if (known.address != address) {
                known = new Written(address, ConnectionOperators.text(address));
                last = known;
            }
            return known.text;
        }
    }
}
