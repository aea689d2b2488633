package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.stats.HttpStats;
import io.netty.channel.ChannelPipeline;

/** What the connections of a filter chain are served with. */
public interface ChainService {
    /** Puts its handlers into a connection in cleartext. */
    void cleartext(ChannelPipeline pipeline);

    /** Puts its handlers into a connection whose TLS handshake begins. */
    void tls(ChannelPipeline pipeline);

    /** The end of its connections. */
    DrainState drain();

    /** How long a TLS handshake may take. */
    long handshakeNanos();

    /** What counts its connections; null where it does so itself. */
    HttpStats stats();

    /** It is out of use, and no connection is left that is served with it. */
    void release();
}
