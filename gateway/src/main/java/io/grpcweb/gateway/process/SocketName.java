package io.grpcweb.gateway.process;

import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.PeerCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Addresses of Unix domain sockets as people write them, and who may be at the other end of one. */
final class SocketName {
    private static final int ROOT = 0;

    private SocketName() {}

    /** A path, or with a leading {@code @} a name in the abstract namespace of Linux (unix(7)). */
    static DomainSocketAddress address(String name) {
        return new DomainSocketAddress(name.startsWith("@") ? "\0" + name.substring(1) : name);
    }

    /** Whether nothing of it is in the file system. */
    static boolean isAbstract(String name) {
        return name.startsWith("@");
    }

    /** @throws IOException unless the other end has the user of this process, or root */
    static void requireSameUser(PeerCredentials peer) throws IOException {
        Object own = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        if (peer.uid() != ROOT && !own.equals(peer.uid())) {
            throw new IOException(
                    "the process " + peer.pid() + " at the other end has user " + peer.uid() + ", not " + own);
        }
    }
}
