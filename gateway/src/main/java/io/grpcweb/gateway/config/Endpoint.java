package io.grpcweb.gateway.config;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An address of a configuration: an IP address or DNS name with a port, the path of a Unix domain socket, a name whose
 * SRV records hold names and ports, or the name of a server in this process.
 *
 * @param host IP address or name; for a socket file its path
 * @param port 0 to 65535, or what says which of the others it is
 */
public record Endpoint(String host, int port) {
    private static final int PIPE = -1;
    private static final int SRV = -2;
    private static final int LOCAL = -3;
    private static final Pattern SRV_NAME = Pattern.compile(
            "(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9])?(\\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9])?)*\\.?");

    /** The address of a Unix domain socket. */
    public static Endpoint pipe(String path) {
        return new Endpoint(path, PIPE);
    }

    /** A name that is asked for SRV records. */
    public static Endpoint srv(String name) {
        return new Endpoint(name, SRV);
    }

    /** The name of a server in this process, which is that of its {@code LocalAddress}. */
    public static Endpoint local(String name) {
        return new Endpoint(name, LOCAL);
    }

    /**
     * {@code HOST:PORT}, {@code [IPV6]:PORT}, {@code unix:PATH}, {@code srv:NAME} or {@code local:NAME}; empty where the text
     * is none of them.
     */
    public static Optional<Endpoint> parse(String text) {
        if (text.startsWith("unix:") && text.length() > 5) {
            return Optional.of(pipe(text.substring(5)));
        }
        if (text.startsWith("local:") && text.length() > 6) {
            return Optional.of(local(text.substring(6)));
        }
        if (text.startsWith("srv:")) {
            String name = text.substring(4);
            return SRV_NAME.matcher(name).matches() && !Addresses.isIp(name)
                    ? Optional.of(srv(name))
                    : Optional.empty();
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
        return port == PIPE;
    }

    public boolean isSrv() {
        return port == SRV;
    }

    public boolean isLocal() {
        return port == LOCAL;
    }

    /** Whether it is an IP address or a name with a port. */
    public boolean hasPort() {
        return port >= 0;
    }

    /** By hand, since the generated one is put together by the first start that asks for it, in a fiftieth of its time. */
    @Override
    public int hashCode() {
        return 31 * host.hashCode() + port;
    }

    @Override
    public String toString() {
        if (isPipe()) {
            return host;
        }
        if (isSrv()) {
            return "srv:" + host;
        }
        if (isLocal()) {
            return "local:" + host;
        }
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
