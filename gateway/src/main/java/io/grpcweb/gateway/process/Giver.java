package io.grpcweb.gateway.process;

import io.netty.channel.unix.FileDescriptor;
import java.time.Duration;
import java.util.List;

/** A gateway that another process takes over from. Called on the thread of the hand-over, which may be held up. */
public interface Giver {
    /** Closes what cannot be there twice, the admin listener, and returns the sockets of all listeners, which go on. */
    List<FileDescriptor> lend();

    /** The process that asked has ended before it was ready: all is as before. */
    void resume();

    /**
     * Accepts no more from the sockets and drains.
     *
     * @param limit how long connections may stay open
     */
    void end(Duration limit);
}
