package io.grpcweb.gateway.config;

import java.util.Optional;

/**
 * An address of a configuration: an IP address or DNS name with a port, or the path of a Unix domain socket.
 *
 * @param host IP address or name; for a socket file its path
 * @param port 0 to 65535; -1 for a socket file
 */
public record Endpoint(String host, int port) {

    /** The address of a Unix domain socket. */
    public static Endpoint pipe(String path) {
        return new Endpoint(path, -1);
    }

    /** {@code HOST:PORT}, {@code [IPV6]:PORT} or {@code unix:PATH}; empty where the text is none of them. */
    public static Optional<Endpoint> parse(String text) {
        if (text.startsWith("unix:") && text.length() > 5) {
            return Optional.of(pipe(text.substring(5)));
        }
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (bracketed) {
            host = host.substring(1, host.length() - 1);
        }
        if (host.isEmpty() || host.indexOf('/') >= 0 || (host.indexOf(':') >= 0 && !bracketed)) {
            return Optional.empty();
        }
        String port = text.substring(colon + 1);
        if (port.isEmpty() || port.length() > 5 || !port.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        int number = Integer.parseInt(port);
        return number > 65535 ? Optional.empty() : Optional.of(new Endpoint(host, number));
    }

    public boolean isPipe() {
        return port < 0;
    }

    @Override
    public String toString() {
        if (isPipe()) {
            return host;
        }
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
