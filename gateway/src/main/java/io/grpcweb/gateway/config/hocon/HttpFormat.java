package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.Addresses;
import io.grpcweb.gateway.config.HeaderRules;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.HttpConfig.LocalReplyMapping;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** What is spoken inside of a listener, in the gateway's own format. */
final class HttpFormat {
    private static final LocalReplyMapping EVERY_REPLY = new LocalReplyMapping(
            Optional.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            HeaderRules.NONE);

    private final RouteFormat routes;
    private final FilterFormats formats;

    HttpFormat(RouteFormat routes, FilterFormats formats) {
        this.formats = formats;
        this.routes = routes;
    }

    /** What holds in a listener of this name where nothing is written. */
    HttpConfig usual(String name) {
        FilterFormats.Chain chain = formats.usual();
        return new HttpConfig(
                name,
                HttpConfig.Codec.AUTO,
                RouteFormat.usual(name),
                chain.filters(),
                chain.offByDefault(),
                OwnDefaults.SERVER,
                OwnDefaults.TIMEOUTS,
                HttpConfig.Limits.DEFAULT,
                HttpConfig.Http2.DEFAULT,
                OwnDefaults.IDENTITY,
                OwnDefaults.PATH,
                HttpConfig.Host.DEFAULT,
                HeaderRules.NONE,
                OwnDefaults.ACCESS_LOGS,
                Optional.empty(),
                List.of(),
                Set.of(),
                false,
                OwnDefaults.WEB_SOCKETS,
                false,
                false,
                "",
                chain.places());
    }

    HttpConfig fields(Fields own, HttpConfig given) {
        FilterFormats.Chain chain =
                formats.fields(own, new FilterFormats.Chain(given.filters(), given.offByDefault(), given.places()));
        return new HttpConfig(
                own.text("stat-prefix", given.statPrefix()),
                own.choice("codec", given.codec()),
                routes.fields(own, given.routes(), chain),
                chain.filters(),
                chain.offByDefault(),
                own.section("server-header", given.server(), HttpFormat::server),
                own.section("timeouts", given.timeouts(), HttpFormat::timeouts),
                own.section("limits", given.limits(), HttpFormat::limits),
                own.section("http2", given.http2(), HttpFormat::http2),
                identity(own.in("client-address"), own.in("request-id"), given.identity()),
                own.section("path-cleaning", given.path(), HttpFormat::path),
                own.section("host-cleaning", given.host(), HttpFormat::host),
                own.section("early", given.early(), HeaderFormat::rules),
                AccessLogFormat.logs(own, given.accessLogs()),
                TracingFormat.listener(own, given.tracing()),
                own.sections("local-replies", given.localReplies(), EVERY_REPLY, HttpFormat::localReply),
                own.texts("allow-upgrades", List.copyOf(given.upgrades())).stream()
                        .map(upgrade -> upgrade.toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet()),
                own.flag("preflight-free", given.preflightFree()),
                own.section("websocket", given.webSockets(), HttpFormat::webSockets),
                own.flag("http1-trailers", given.http1Trailers()),
                own.flag("http1.0", given.http10()),
                own.text("http1.0-host", given.http10Host()),
                chain.places());
    }

    private static HttpConfig.Server server(Fields own, HttpConfig.Server given) {
        return new HttpConfig.Server(own.text("name", given.name()), own.choice("when", given.transformation()));
    }

    private static HttpConfig.Timeouts timeouts(Fields own, HttpConfig.Timeouts given) {
        return new HttpConfig.Timeouts(
                own.duration("connection-idle", given.connectionIdle()),
                own.duration("connection-max", given.connectionMax()),
                own.duration("stream-idle", given.streamIdle()),
                own.duration("stream-flush", given.streamFlush()),
                own.duration("stream-max", given.streamMax()),
                own.duration("request", given.request()),
                own.duration("request-headers", given.requestHeaders()),
                own.duration("request-progress", given.requestProgress()),
                own.duration("drain", given.drain()),
                own.duration("delayed-close", given.delayedClose()));
    }

    private static HttpConfig.Limits limits(Fields own, HttpConfig.Limits given) {
        return new HttpConfig.Limits(
                own.bytes("header", given.headerBytes()),
                own.integer("header-fields", given.headerCount()),
                own.integer("requests-per-connection", given.requestsPerConnection()),
                own.choice("underscores", given.underscores()),
                own.bytes("message", given.messageBytes()),
                own.flag("tell-overload", given.tellsOverload()));
    }

    private static HttpConfig.Http2 http2(Fields own, HttpConfig.Http2 given) {
        return new HttpConfig.Http2(
                own.integer("max-concurrent-streams", given.maxConcurrentStreams()),
                own.bytes("stream-window", given.streamWindow()),
                own.bytes("connection-window", given.connectionWindow()),
                own.section("keepalive", given.keepalive(), HttpFormat::keepalive),
                own.flag("allow-connect", given.allowConnect()),
                outbound(own, given.outbound()),
                inbound(own, given.inbound()));
    }

    private static HttpConfig.InboundFrames inbound(Fields http2, HttpConfig.InboundFrames given) {
        return new HttpConfig.InboundFrames(
                http2.integer("priority-frames-per-stream", given.prioritiesPerStream()),
                http2.integer("window-updates-per-data-frame", given.windowUpdatesPerData()),
                http2.integer("empty-data-frames", given.emptyInARow()));
    }

    private static HttpConfig.WebSockets webSockets(Fields own, HttpConfig.WebSockets given) {
        return new HttpConfig.WebSockets(
                own.choice("calls", given.calls()),
                own.duration("first-message", given.firstMessage()),
                own.duration("ping", given.ping()),
                own.bytes("message", given.messageBytes()),
                own.flag("deflate", given.deflates()));
    }

    static HttpConfig.OutboundFrames outbound(Fields http2, HttpConfig.OutboundFrames given) {
        return new HttpConfig.OutboundFrames(
                http2.integer("outbound-frames", given.all()),
                http2.integer("outbound-control-frames", given.control()));
    }

    static HttpConfig.Keepalive keepalive(Fields own, HttpConfig.Keepalive given) {
        return new HttpConfig.Keepalive(
                own.duration("interval", given.interval()),
                own.duration("timeout", given.timeout()),
                own.share("jitter", given.jitter()),
                own.duration("after-idle", given.afterIdle()));
    }

    private static HttpConfig.Identity identity(Fields client, Fields id, HttpConfig.Identity given) {
        return new HttpConfig.Identity(
                client.flag("from-peer", given.useRemoteAddress()),
                client.integer("trusted-hops", given.trustedHops()),
                client.flag("leave-forwarded-for", given.skipXffAppend()),
                client.flag("forward-peer", given.forwardsPeer()),
                networks(client, "trusted-proxies", given.trustedProxies()),
                networks(client, "trusted-callers", given.trustedCallers()),
                id.flag("generate", given.generateRequestId()),
                id.flag("keep-external", given.preserveExternalRequestId()),
                id.flag("in-response", given.requestIdInResponse()),
                client.section("certificate", given.certificate(), HttpFormat::certificate),
                new HttpConfig.Hop(
                        client.text("via", given.hop().via()),
                        client.flag("forward-port", given.hop().port()),
                        scheme(client, given.hop().scheme())));
    }

    private static Optional<String> scheme(Fields client, Optional<String> given) {
        Optional<String> scheme = client.text("scheme", given);
        if (scheme.filter(text -> !text.equals("http") && !text.equals("https")).isPresent()) {
            client.error("scheme", "'" + scheme.get() + "' is neither http nor https");
        }
        return scheme;
    }

    private static HttpConfig.ClientCertificate certificate(Fields own, HttpConfig.ClientCertificate given) {
        Set<HttpConfig.ClientCertificate.Detail> details = EnumSet.noneOf(HttpConfig.ClientCertificate.Detail.class);
        for (HttpConfig.ClientCertificate.Detail one : HttpConfig.ClientCertificate.Detail.values()) {
            if (own.flag(one.name().toLowerCase(Locale.ROOT), given.details().contains(one))) {
                details.add(one);
            }
        }
        return new HttpConfig.ClientCertificate(own.choice("header", given.forwarding()), details);
    }

    private static List<String> networks(Fields client, String key, List<String> given) {
        List<String> networks = client.texts(key, given);
        networks.stream()
                .filter(network -> !Addresses.isNetwork(network))
                .forEach(network -> client.error(key, "'" + network + "' is no network: write 10.0.0.0/8"));
        return networks;
    }

    private static HttpConfig.Host host(Fields own, HttpConfig.Host given) {
        return new HttpConfig.Host(
                own.choice("port", given.port()), own.flag("strip-trailing-dot", given.stripTrailingDot()));
    }

    private static HttpConfig.Path path(Fields own, HttpConfig.Path given) {
        return new HttpConfig.Path(
                own.flag("normalize", given.normalize()),
                own.flag("merge-slashes", given.mergeSlashes()),
                own.choice("escaped-slashes", given.escapedSlashes()));
    }

    private static LocalReplyMapping localReply(Fields own, LocalReplyMapping given) {
        return new LocalReplyMapping(
                AccessLogFormat.when(own, given.when()),
                own.integer("status", given.status()),
                own.text("body", given.body()),
                AccessLogFormat.format(own, given.bodyFormat()),
                own.text("content-type", given.contentType()),
                HeaderFormat.rules(own, given.headers()));
    }
}
