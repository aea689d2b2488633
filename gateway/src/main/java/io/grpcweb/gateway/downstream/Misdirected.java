package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.TlsConfig;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.ExchangeHandler;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.SocketUse;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.Optional;

/**
 * Refuses with 421 (RFC 9110 section 15.5.20) what is for the names of another filter chain that asks for a client
 * certificate, on a connection that was not asked for the same: the handshake chose by the server name, and a request may
 * name any other host.
 */
final class Misdirected implements ExchangeHandler {
    private final ChainChoice choice;
    private final boolean[] guarded;
    private final ExchangeHandler handler;

    private Misdirected(ChainChoice choice, boolean[] guarded, ExchangeHandler handler) {
        this.choice = choice;
        this.guarded = guarded;
        this.handler = handler;
    }

    /** A handler for the connections of one of the chains: as it was where there is nothing to look at. */
    static ExchangeHandler guard(
            List<ListenerConfig.FilterChain> chains, ListenerConfig.FilterChain own, ExchangeHandler handler) {
        boolean[] guarded = new boolean[chains.size()];
        boolean any = false;
        for (int i = 0; i < guarded.length; i++) {
            ListenerConfig.FilterChain other = chains.get(i);
            guarded[i] = !other.serverNames().isEmpty() && asksForMore(other, own);
            any |= guarded[i];
        }
        return any ? new Misdirected(new ChainChoice(chains), guarded, handler) : handler;
    }

    private static boolean asksForMore(ListenerConfig.FilterChain other, ListenerConfig.FilterChain own) {
        Optional<TlsConfig.Downstream> wanted = other.tls().filter(TlsConfig.Downstream::asksClients);
        if (wanted.isEmpty()) {
            return false;
        }
        return own.tls()
                .map(had -> !judge(had).equals(judge(wanted.get()))
                        || (wanted.get().requireClientCertificate() && !had.requireClientCertificate()))
                .orElse(true);
    }

    /** What the certificates of clients are held against. */
    private static List<Object> judge(TlsConfig.Downstream tls) {
        return List.of(tls.clientCa(), tls.names(), tls.pins());
    }

    @Override
    public void handle(Exchange exchange, HttpFilter top, Http2Headers head, boolean end) {
        if (isGuarded(exchange, head)) {
            exchange.reply(LocalReply.misdirected());
        } else {
            handler.handle(exchange, top, head, end);
        }
    }

    @Override
    public SocketUse socket(Exchange exchange, Http2Headers handshake) {
        return isGuarded(exchange, handshake) ? SocketUse.TUNNEL : handler.socket(exchange, handshake);
    }

    /** Whether the connection would have met a guarded chain if its handshake had named the host of the request. */
    private boolean isGuarded(Exchange exchange, Http2Headers head) {
        int chain = choice.choose(Incoming.of(exchange.info().connection, host(head.authority())));
        return chain >= 0 && guarded[chain];
    }

    @Override
    public void refused(Http2Headers request, Http2Headers response) {
        handler.refused(request, response);
    }

    /** Without its port and the dot of a name that is complete. */
    private static String host(CharSequence authority) {
        if (authority == null) {
            return "";
        }
        String host = authority.toString();
        int port = host.lastIndexOf(':');
        int end = port > host.lastIndexOf(']') ? port : host.length();
        return host.substring(0, end > 0 && host.charAt(end - 1) == '.' ? end - 1 : end);
    }
}
