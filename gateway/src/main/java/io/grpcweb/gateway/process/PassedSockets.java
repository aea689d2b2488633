package io.grpcweb.gateway.process;

import io.grpcweb.gateway.config.Endpoint;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * Listening sockets that this process was given, by systemd or by the gateway that it takes over from. A listener whose address
 * is that of one of them takes it and binds nothing, so what waits in the queue of the socket is accepted by whoever has it. Safe
 * for any thread.
 */
public final class PassedSockets {
    private final List<PassedSocket> left;

    private PassedSockets(List<PassedSocket> sockets) {
        left = new ArrayList<>(sockets);
    }

    public static PassedSockets none() {
        return new PassedSockets(List.of());
    }

    static PassedSockets of(List<PassedSocket> sockets) {
        return new PassedSockets(sockets);
    }

    /** These and others; of two for one address the first is taken first. */
    public synchronized PassedSockets and(PassedSockets others) {
        List<PassedSocket> both = new ArrayList<>(left);
        synchronized (others) {
            both.addAll(others.left);
        }
        return new PassedSockets(both);
    }

    /** Takes the descriptor of a listener's socket; empty where none was passed. Each is taken once. */
    public synchronized OptionalInt take(Endpoint address) {
        PassedSocket found = find(address);
        if (found == null) {
            return OptionalInt.empty();
        }
        left.remove(found);
        return OptionalInt.of(found.descriptor());
    }

    /** Whether there is a socket for a listener. */
    public synchronized boolean has(Endpoint address) {
        return find(address) != null;
    }

    /** The addresses of those that no listener has taken. */
    public synchronized List<SocketAddress> left() {
        return left.stream().map(PassedSocket::address).toList();
    }

    private PassedSocket find(Endpoint address) {
        if (left.isEmpty()) {
            return null;
        }
        if (address.isPipe()) {
            return first(one ->
                    one instanceof DomainSocketAddress file && file.path().equals(address.host()));
        }
        if (address.port() == 0) {
            return null;
        }
        InetSocketAddress wanted = new InetSocketAddress(address.host(), address.port());
        PassedSocket same = first(wanted::equals);
        return same != null ? same : first(one -> bothTakeAll(one, wanted));
    }

    /** systemd opens {@code ListenStream=8080} as {@code [::]:8080}, which takes IPv4 as well. */
    private static boolean bothTakeAll(SocketAddress one, InetSocketAddress wanted) {
        return one instanceof InetSocketAddress inet
                && inet.getPort() == wanted.getPort()
                && inet.getAddress().isAnyLocalAddress()
                && !wanted.isUnresolved()
                && wanted.getAddress().isAnyLocalAddress();
    }

    private PassedSocket first(Predicate<SocketAddress> fits) {
        return left.stream().filter(one -> fits.test(one.address())).findFirst().orElse(null);
    }
}
