package io.grpcweb.gateway.check;

import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.util.List;

/** Says why no connection to an endpoint is opened. */
final class ConnectFailure {
    private final Target target;
    private final boolean inContainer;

    /** @param inContainer whether this process has a loopback of its own */
    ConnectFailure(Target target, boolean inContainer) {
        this.target = target;
        this.inContainer = inContainer;
    }

    /**
     * The cause.
     *
     * @param failure null where nothing has come in time
     * @param others addresses of the same name, of the other family
     */
    Finding of(Throwable failure, List<InetAddress> others, EventLoop loop, Budget budget) throws InterruptedException {
        if (!(target.address() instanceof InetSocketAddress address)) {
            return target.broken(
                    "nobody listens on this socket file: " + HandshakeFailure.reason(failure),
                    "start the backend, or correct the path"
                            + (inContainer ? "; inside a container the folder has to be mounted" : ""));
        }
        String cause = cause(failure);
        if (inContainer && address.getAddress().isLoopbackAddress()) {
            return target.broken(
                    cause + "; inside a container a loopback address is the container itself",
                    "write the name of the backend's service, or host.docker.internal for a backend on the machine"
                            + " around it");
        }
        for (InetAddress other : others) {
            try (Contact contact = Dial.to(
                    loop,
                    new InetSocketAddress(other, address.getPort()),
                    Security.NONE,
                    Greetings.HTTP2,
                    budget.half())) {
                if (contact.isConnected()) {
                    return target.broken(
                            cause + ", while the same name is served at " + other.getHostAddress(),
                            "write that address, or the family of addresses that the backend listens on");
                }
            }
        }
        return target.broken(cause, change(failure));
    }

    private static String cause(Throwable failure) {
        if (failure == null || failure instanceof ConnectTimeoutException) {
            return "no connection in time: packets are dropped on the way";
        }
        if (failure instanceof NoRouteToHostException) {
            return "there is no way to this address: " + HandshakeFailure.reason(failure);
        }
        if (failure instanceof ConnectException
                && HandshakeFailure.reason(failure).contains("refused")) {
            return "the connection is refused: nobody listens there";
        }
        return "no connection: " + HandshakeFailure.reason(failure);
    }

    private static String change(Throwable failure) {
        return failure instanceof ConnectException && !(failure instanceof ConnectTimeoutException)
                ? "start the backend, or correct the port; a server that listens on 127.0.0.1 alone is not reached from"
                        + " another machine or container"
                : "look at firewalls, security groups and network policies between the two, and at the address";
    }
}
