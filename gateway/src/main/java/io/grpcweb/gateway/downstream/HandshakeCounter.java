package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.net.CipherNames;
import io.grpcweb.gateway.net.TlsSessions;
import io.grpcweb.gateway.stats.TlsStats;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Counts how a TLS handshake ended, then leaves. */
final class HandshakeCounter extends ChannelInboundHandlerAdapter {
    private final TlsStats stats;

    HandshakeCounter(TlsStats stats) {
        this.stats = stats;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            SslHandler tls = ctx.pipeline().get(SslHandler.class);
            if (handshake.isSuccess() && tls != null) {
                succeeded(tls.engine());
            } else {
                stats.connectionError.increment();
            }
            ctx.pipeline().remove(this);
        }
        ctx.fireUserEventTriggered(event);
    }

    private void succeeded(SSLEngine engine) {
        SSLSession session = engine.getSession();
        // Which curve was agreed on is not told by the engine.
        stats.handshake(
                session.getProtocol(),
                CipherNames.openSsl(session.getCipherSuite()),
                null,
                TlsSessions.isResumed(engine));
        try {
            session.getPeerCertificates();
        } catch (SSLPeerUnverifiedException e) {
            stats.noCertificate.increment();
        }
    }
}
