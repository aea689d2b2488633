package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.http.UpstreamFailure;
import io.grpcweb.gateway.stats.ClusterStats;
import io.grpcweb.gateway.upstream.host.Host;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;

/** What a connection with an endpoint is opened for; everything on its event loop. */
interface ConnectionWish {
    Host host();

    EventLoop loop();

    ClusterStats stats();

    /** Of TLS where it is that of the requests, or null. */
    String serverName();

    /** Whether HTTP will be spoken on it. */
    boolean speaksHttp();

    /** Whether it is waited for. */
    boolean isConnecting();

    /** TCP is there, and TLS where it is used; what speaks the protocol is to be put in. */
    void connected(Channel channel, SslHandler handshake);

    /** It could not be made, or what came over it is not what was expected. */
    void broken(UpstreamFailure failure, String reason);

    /** The socket of a connection that was there is gone. */
    void closed();

    /** What is on it; null while nothing can be. */
    Use use();

    /** What is on a connection. */
    interface Use {
        /** How many streams are open. */
        int active();

        /** How many streams were ever opened. */
        long served();
    }
}
