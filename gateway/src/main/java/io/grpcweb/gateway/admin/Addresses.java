package io.grpcweb.gateway.admin;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/** Addresses as the pages write them. */
final class Addresses {
    private Addresses() {}

    /** {@code 127.0.0.1:80}, {@code [::1]:80}, or the path of a socket file. */
    static String text(SocketAddress address) {
        if (address instanceof InetSocketAddress inet) {
            String host = host(inet);
            return (inet.getAddress() instanceof Inet6Address ? "[" + host + "]" : host) + ":" + inet.getPort();
        }
        return String.valueOf(address);
    }

    /** Envoy's {@code Address} message. */
    static Map<String, Object> json(SocketAddress address) {
        if (address instanceof InetSocketAddress inet) {
            Map<String, Object> socket = new LinkedHashMap<>();
            socket.put("address", host(inet));
            socket.put("port_value", inet.getPort());
            return Map.of("socket_address", socket);
        }
        return Map.of("pipe", Map.of("path", String.valueOf(address)));
    }

    private static String host(InetSocketAddress address) {
        return address.getAddress() == null
                ? address.getHostString()
                : address.getAddress().getHostAddress();
    }
}
