package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.http.UpstreamFailure;
import io.grpcweb.gateway.stats.ClusterStats;
import io.grpcweb.gateway.upstream.host.Host;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;

/** A connection of a pool, for calls. */
record HttpWish(Connector connector, HostPool pool, PooledConnection pooled, boolean http2) implements ConnectionWish {
    @Override
    public Host host() {
        return pool.host();
    }

    @Override
    public EventLoop loop() {
        return pool.loop();
    }

    @Override
    public ClusterStats stats() {
        return pool.stats();
    }

    @Override
    public String serverName() {
        return pool.serverName();
    }

    @Override
    public boolean speaksHttp() {
        return true;
    }

    @Override
    public boolean isConnecting() {
        return pooled.isConnecting();
    }

    @Override
    public void connected(Channel channel, SslHandler handshake) {
        connector.speak(channel, handshake, pooled, http2);
    }

    @Override
    public void broken(UpstreamFailure failure, String reason) {
        pooled.broken(failure, reason);
    }

    @Override
    public void closed() {
        pooled.closed();
    }

    @Override
    public Use use() {
        return pooled.connection();
    }
}
