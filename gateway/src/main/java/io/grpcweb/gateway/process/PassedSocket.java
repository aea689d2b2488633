package io.grpcweb.gateway.process;

import io.netty.channel.ChannelException;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.SocketAddress;

/**
 * A listening socket that came with its descriptor.
 *
 * @param descriptor its number in this process
 * @param address that it is bound to
 */
record PassedSocket(int descriptor, SocketAddress address) {
    /** {@code SOL_SOCKET} and options of it, as Linux numbers them. */
    private static final int SOCKET_LEVEL = 1;

    private static final int TYPE = 3;
    private static final int ACCEPTS_CONNECTIONS = 30;
    private static final int DOMAIN = 39;
    private static final int STREAM = 1;
    private static final int UNIX = 1;

    /**
     * Looks at a descriptor.
     *
     * @throws IOException where it is not a stream socket that listens, or where accepting from it would block
     */
    static PassedSocket of(int descriptor) throws IOException {
        try {
            Socket socket = new Socket(descriptor);
            if (socket.getIntOpt(SOCKET_LEVEL, TYPE) != STREAM
                    || socket.getIntOpt(SOCKET_LEVEL, ACCEPTS_CONNECTIONS) != 1) {
                throw new IOException("descriptor " + descriptor + " is not a stream socket that listens");
            }
            Blocking.end(descriptor);
            boolean unix = socket.getIntOpt(SOCKET_LEVEL, DOMAIN) == UNIX;
            return new PassedSocket(descriptor, unix ? socket.localDomainSocketAddress() : socket.localAddress());
        } catch (ChannelException e) {
            throw new IOException("descriptor " + descriptor + " is not a socket: " + e.getMessage(), e);
        }
    }
}
