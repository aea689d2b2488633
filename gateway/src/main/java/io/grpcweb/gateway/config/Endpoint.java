package io.grpcweb.gateway.config;

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
