package io.grpcweb.gateway.route;

import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.ExchangeHandler;
import io.grpcweb.gateway.http.HeaderEdit;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.http.KnownServices;
import io.grpcweb.gateway.http.LocalReplies;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.MediaType;
import io.grpcweb.gateway.http.PageVerdict;
import io.grpcweb.gateway.http.Routing;
import io.grpcweb.gateway.http.SocketUse;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.http.Substitution;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/**
 * Receives each request: who it is from, which route it takes, which deadlines it has, and which filters it passes. The
 * whole way of an exchange is set up on this page.
 */
public final class RequestHandler implements ExchangeHandler, Routing {
    private final RouteTable routes;
    private final ClientIdentity identity;
    private final List<String> internalOnly;
    private final HttpConfig http;
    private final RoutePlans plans;
    private final LocalReplies replies;
    private final PathForm paths;
    private final HostForm hosts;
    private final HeaderEdit early;
    private final UpgradeRule upgrades;

    /**
     * The handler of one filter chain.
     *
     * @param factory makes the factory of a filter; the last one always makes a filter
     * @param replies changes local replies
     * @param compiler of the values that the configuration adds to heads and bodies
     * @param services decides on routes that take the services of a backend
     * @param before the handler that this one replaces, or null: filters whose settings are the same go on with what they
     *     have counted
     */
    public RequestHandler(
            HttpConfig http,
            Function<FilterConfig, HttpFilterFactory> factory,
            LocalReplies replies,
            Substitution.Compiler compiler,
            KnownServices services,
            RequestHandler before) {
        this.http = http;
        this.upgrades = new UpgradeRule(http);
        this.routes = new RouteTable(http.routes(), services);
        this.identity = new ClientIdentity(http.identity());
        this.internalOnly = http.routes().internalOnly();
        this.plans = new RoutePlans(http, factory, compiler, before == null ? null : before.plans);
        this.replies = replies;
        this.paths = new PathForm(http.path());
        this.hosts = new HostForm(http.host());
        this.early = http.early().isEmpty()
                ? null
                : new HeaderEdit(http.early().requestAdd(), http.early().requestRemove(), compiler);
    }

    @Override
    public void handle(Exchange exchange, HttpFilter top, Http2Headers head, boolean end) {
        exchange.info().format = MediaType.formatOf(head.get(HttpHeaderNames.CONTENT_TYPE));
        identity.apply(head, exchange.info(), internalOnly);
        hosts.apply(head, exchange.info().connection.local());
        PathForm.Outcome path = paths.apply(head);
        if (early != null) {
            early.apply(head, exchange.info());
        }
        // Routes look at the request as the client sent it, before gRPC-Web is translated.
        RouteTable.Result found = path == PathForm.Outcome.SERVE
                ? routes.match(head, () -> ThreadLocalRandom.current().nextDouble())
                : RouteTable.NOTHING;
        exchange.routing(this);
        exchange.routed(found.virtualHost(), found.route());
        draw(exchange, found.route(), head);
        if (exchange.info().trace != null) {
            exchange.info().trace.routed(exchange, head);
        }
        // The page of an allowed origin can read why its path is refused.
        RoutePlan plan = plans.of(path == PathForm.Outcome.SERVE ? found : routes.withoutRoute(head));
        boolean asked = !exchange.info().onWebSocket && !exchange.info().preflightFree;
        LocalReply unasked = asked ? null : unasked(exchange, plan, head);
        exchange.rules(plan.headers(), replies);
        HttpFilter bottom = chain(plan.filters(exchange.drawn()), exchange, top, head);
        exchange.chain(top, bottom);
        if (found.refusal() != null) {
            exchange.reply(found.refusal());
            return;
        }
        if (path != PathForm.Outcome.SERVE) {
            exchange.reply(
                    path == PathForm.Outcome.REDIRECT
                            ? LocalReply.otherPath(head.path().toString())
                            : LocalReply.badPath());
            return;
        }
        deadlines(exchange, head);
        exchange.timer().start();
        if (exchange.info().upgrade != null
                && exchange.route() != null
                && !upgrades.allows(exchange.info().upgrade, exchange.route())) {
            exchange.reply(LocalReply.upgradeRefused());
            return;
        }
        if (unasked != null) {
            exchange.reply(unasked);
            return;
        }
        top.requestHead(head, end);
    }

    /**
     * Judges the page of a call for which no browser has asked: why it is refused, or null where it is not. Cookies go where the
     * page may not call with them; a browser would not have sent them.
     */
    private LocalReply unasked(Exchange exchange, RoutePlan plan, Http2Headers head) {
        StreamInfo info = exchange.info();
        boolean credentials = true;
        if (info.onWebSocket && exchange.route() != null) {
            SocketUse use = upgrades.use(exchange.route(), plan.filters(), head, info.connection);
            if (use == SocketUse.TUNNEL || use == SocketUse.REFUSED) {
                return use == SocketUse.TUNNEL ? LocalReply.upgradeRefused() : LocalReply.originRefused();
            }
            credentials = use == SocketUse.CALLS_WITH_CREDENTIALS;
        } else if (info.preflightFree) {
            PageVerdict page = OriginRule.page(plan.filters(), head, info.connection);
            if (page == PageVerdict.REFUSED) {
                return LocalReply.originRefused();
            }
            credentials = page == PageVerdict.ALLOWED_WITH_CREDENTIALS;
        }
        if (!credentials) {
            head.remove(HttpHeaderNames.COOKIE);
        }
        return null;
    }

    @Override
    public SocketUse socket(Exchange exchange, Http2Headers handshake) {
        // A call of the same path decides, not the GET of the handshake: routes and filters are for calls.
        Http2Headers call = new DefaultHttp2Headers(false).setAll(handshake);
        call.method("POST").set(HttpHeaderNames.CONTENT_TYPE, "application/grpc-web+proto");
        hosts.apply(call, exchange.info().connection.local());
        if (paths.apply(call) != PathForm.Outcome.SERVE) {
            return SocketUse.TUNNEL;
        }
        RouteTable.Result found =
                routes.match(call, () -> ThreadLocalRandom.current().nextDouble());
        return upgrades.use(found.route(), plans.of(found).filters(), call, exchange.info().connection);
    }

    @Override
    public void refused(Http2Headers request, Http2Headers response) {
        for (HttpFilterFactory filter : plans.of(routes.withoutRoute(request)).filters()) {
            filter.refused(request, response);
        }
    }

    @Override
    public void reroute(Exchange exchange, Http2Headers head) {
        RouteTable.Result found =
                routes.match(head, () -> ThreadLocalRandom.current().nextDouble());
        exchange.routed(found.virtualHost(), found.route());
        draw(exchange, found.route(), head);
        exchange.rules(plans.of(found).headers(), replies);
        exchange.timer().reset(http.timeouts());
        deadlines(exchange, head);
        exchange.timer().start();
    }

    @Override
    public boolean restart(Exchange exchange, HttpFilter top, Http2Headers head) {
        if (paths.apply(head) != PathForm.Outcome.SERVE) {
            return false;
        }
        RouteTable.Result found =
                routes.match(head, () -> ThreadLocalRandom.current().nextDouble());
        if (found.route() == null) {
            return false;
        }
        top.cancel();
        exchange.info().cluster = null;
        exchange.routed(found.virtualHost(), found.route());
        draw(exchange, found.route(), head);
        RoutePlan plan = plans.of(found);
        exchange.rules(plan.headers(), replies);
        exchange.chain(top, chain(plan.filters(exchange.drawn()), exchange, top, head));
        exchange.timer().reset(http.timeouts());
        deadlines(exchange, head);
        exchange.timer().start();
        return true;
    }

    private static void draw(Exchange exchange, RouteConfig.Route route, Http2Headers head) {
        RouteConfig.WeightedCluster drawn = ClusterDraw.of(route, head);
        if (drawn != null) {
            exchange.drawn(drawn);
        }
    }

    /** Puts the filters that concern this exchange under one another. */
    private static HttpFilter chain(
            List<HttpFilterFactory> filters, Exchange exchange, HttpFilter top, Http2Headers head) {
        HttpFilter lowest = top;
        for (int i = 0; i < filters.size(); i++) {
            HttpFilter filter = filters.get(i).create(exchange, head);
            if (filter != null) {
                filter.under(lowest);
                lowest = filter.lowestPart();
                if (filter.answersFirst()) {
                    top.passDownTo(filter);
                }
            }
        }
        return lowest;
    }

    /** Clocks of the whole stream; the route's timeout is the router's. */
    private void deadlines(Exchange exchange, Http2Headers head) {
        Duration max = http.timeouts().streamMax();
        if (exchange.route() != null && exchange.route().action() instanceof RouteConfig.Forward forward) {
            forward.idleTimeout().ifPresent(exchange.timer()::idle);
            flush(forward).ifPresent(exchange.timer()::flush);
            if (forward.streamLimits().isPresent()) {
                StreamDeadline.apply(exchange, head, forward.streamLimits().get(), max);
                return;
            }
        }
        if (!max.isZero()) {
            exchange.timer().streamLimit(max.toNanos());
        }
    }

    /** Where the listener has no flush timeout of its own, an idle timeout of the route counts for both, as in Envoy. */
    private Optional<Duration> flush(RouteConfig.Forward forward) {
        HttpConfig.Timeouts timeouts = http.timeouts();
        boolean own = !timeouts.streamFlush().equals(timeouts.streamIdle())
                && !timeouts.streamFlush().equals(HttpConfig.Timeouts.DEFAULT.streamFlush());
        return own ? forward.flushTimeout() : forward.flushTimeout().or(forward::idleTimeout);
    }
}
