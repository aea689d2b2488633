package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.AccessLogConfig;
import io.grpcweb.gateway.config.Addresses;
import io.grpcweb.gateway.config.HeaderRules;
import io.grpcweb.gateway.config.HttpConfig;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** What is spoken inside of a listener, in the gateway's own format. */
final class HttpFormat {
    private final RouteFormat routes;
    private final FilterFormats formats;

    HttpFormat(RouteFormat routes, FilterFormats formats) {
        this.formats = formats;
        this.routes = routes;
    }

    HttpConfig read(Section listener, String name) {
        FilterFormats.Chain chain = formats.read(listener);
        Set<String> upgrades = new LinkedHashSet<>();
        for (String upgrade : listener.texts("allow-upgrades")) {
            upgrades.add(upgrade.toLowerCase(Locale.ROOT));
        }
        Section server = listener.sectionOrEmpty("server-header");
        return new HttpConfig(
                listener.text("stat-prefix", name),
                listener.choice("codec", HttpConfig.Codec.class, HttpConfig.Codec.AUTO),
                routes.read(listener, name, chain),
                chain.filters(),
                chain.offByDefault(),
                new HttpConfig.Server(
                        server.text("name", OwnDefaults.SERVER.name()),
                        server.choice(
                                "when", HttpConfig.Server.Transformation.class, OwnDefaults.SERVER.transformation())),
                timeouts(listener.sectionOrEmpty("timeouts")),
                limits(listener.sectionOrEmpty("limits")),
                http2(listener.sectionOrEmpty("http2")),
                identity(listener),
                path(listener.sectionOrEmpty("path-cleaning")),
                host(listener.sectionOrEmpty("host-cleaning")),
                listener.section("early").map(HeaderFormat::read).orElse(HeaderRules.NONE),
                AccessLogFormat.read(listener, OwnDefaults.ACCESS_LOGS),
                localReplies(listener),
                upgrades,
                listener.flag("http1-trailers", false),
                listener.flag("http1.0", false));
    }

    private static HttpConfig.Timeouts timeouts(Section given) {
        HttpConfig.Timeouts otherwise = OwnDefaults.TIMEOUTS;
        return new HttpConfig.Timeouts(
                given.duration("connection-idle", otherwise.connectionIdle()),
                given.duration("connection-max", otherwise.connectionMax()),
                given.duration("stream-idle", otherwise.streamIdle()),
                given.duration("stream-flush", otherwise.streamFlush()),
                given.duration("stream-max", otherwise.streamMax()),
                given.duration("request", otherwise.request()),
                given.duration("request-headers", otherwise.requestHeaders()),
                given.duration("drain", otherwise.drain()),
                given.duration("delayed-close", otherwise.delayedClose()));
    }

    private static HttpConfig.Limits limits(Section given) {
        HttpConfig.Limits otherwise = HttpConfig.Limits.DEFAULT;
        return new HttpConfig.Limits(
                given.bytes("header", otherwise.headerBytes()),
                given.integer("header-fields", otherwise.headerCount()),
                given.integer("requests-per-connection"),
                given.choice("underscores", HttpConfig.Limits.Underscores.class, otherwise.underscores()),
                given.has("message")
                        ? OptionalInt.of(given.bytes("message", Integer.MAX_VALUE))
                        : otherwise.messageBytes());
    }

    private static HttpConfig.Http2 http2(Section given) {
        HttpConfig.Http2 otherwise = HttpConfig.Http2.DEFAULT;
        return new HttpConfig.Http2(
                given.integer("max-concurrent-streams", otherwise.maxConcurrentStreams()),
                given.bytes("stream-window", otherwise.streamWindow()),
                given.bytes("connection-window", otherwise.connectionWindow()),
                keepalive(given),
                given.flag("allow-connect", otherwise.allowConnect()),
                outbound(given));
    }

    static HttpConfig.OutboundFrames outbound(Section http2) {
        HttpConfig.OutboundFrames otherwise = HttpConfig.OutboundFrames.DEFAULT;
        return new HttpConfig.OutboundFrames(
                http2.integer("outbound-frames", otherwise.all()),
                http2.integer("outbound-control-frames", otherwise.control()));
    }

    static HttpConfig.Keepalive keepalive(Section http2) {
        return http2.section("keepalive")
                .map(given -> new HttpConfig.Keepalive(
                        given.duration("interval", HttpConfig.Keepalive.OFF.interval()),
                        given.duration("timeout", HttpConfig.Keepalive.OFF.timeout())))
                .orElse(HttpConfig.Keepalive.OFF);
    }

    static Tree write(Tree http2, HttpConfig.Keepalive keepalive, HttpConfig.OutboundFrames outbound) {
        HttpConfig.OutboundFrames otherwise = HttpConfig.OutboundFrames.DEFAULT;
        http2.put("outbound-frames", outbound.all(), otherwise.all())
                .put("outbound-control-frames", outbound.control(), otherwise.control());
        if (!keepalive.equals(HttpConfig.Keepalive.OFF)) {
            http2.put(
                    "keepalive",
                    new Tree().put("interval", keepalive.interval()).put("timeout", keepalive.timeout()));
        }
        return http2;
    }

    private static HttpConfig.Identity identity(Section listener) {
        Section client = listener.sectionOrEmpty("client-address");
        Section id = listener.sectionOrEmpty("request-id");
        HttpConfig.Identity otherwise = OwnDefaults.IDENTITY;
        return new HttpConfig.Identity(
                client.flag("from-peer", otherwise.useRemoteAddress()),
                client.integer("trusted-hops", otherwise.trustedHops()),
                client.flag("leave-forwarded-for", otherwise.skipXffAppend()),
                client.flag("forward-peer", otherwise.forwardsPeer()),
                trustedProxies(client),
                client.flag("trust-private", otherwise.trustPrivate()),
                id.flag("generate", otherwise.generateRequestId()),
                id.flag("keep-external", otherwise.preserveExternalRequestId()),
                id.flag("in-response", otherwise.requestIdInResponse()));
    }

    private static List<String> trustedProxies(Section client) {
        List<String> networks = client.texts("trusted-proxies");
        networks.stream()
                .filter(network -> !Addresses.isNetwork(network))
                .forEach(network ->
                        client.error("trusted-proxies", "'" + network + "' is no network: write 10.0.0.0/8"));
        return networks;
    }

    private static HttpConfig.Host host(Section given) {
        HttpConfig.Host otherwise = HttpConfig.Host.DEFAULT;
        return new HttpConfig.Host(
                given.choice("port", HttpConfig.Host.Port.class, otherwise.port()),
                given.flag("strip-trailing-dot", otherwise.stripTrailingDot()));
    }

    private static HttpConfig.Path path(Section given) {
        HttpConfig.Path otherwise = OwnDefaults.PATH;
        return new HttpConfig.Path(
                given.flag("normalize", otherwise.normalize()),
                given.flag("merge-slashes", otherwise.mergeSlashes()),
                given.choice("escaped-slashes", HttpConfig.Path.EscapedSlashes.class, otherwise.escapedSlashes()));
    }

    private static List<HttpConfig.LocalReplyMapping> localReplies(Section listener) {
        List<HttpConfig.LocalReplyMapping> found = new ArrayList<>();
        for (Section one : listener.sections("local-replies")) {
            Optional<AccessLogConfig.Filter> when = one.section("when").flatMap(AccessLogFormat::filter);
            found.add(new HttpConfig.LocalReplyMapping(
                    when,
                    one.integer("status"),
                    one.text("body"),
                    AccessLogFormat.format(one),
                    one.text("content-type"),
                    HeaderFormat.read(one)));
        }
        return found;
    }

    void write(Tree tree, HttpConfig http, String name) {
        tree.put("stat-prefix", http.statPrefix(), name).put("codec", http.codec(), HttpConfig.Codec.AUTO);
        formats.write(tree, http.filters(), http.offByDefault());
        tree.section(
                "server-header",
                new Tree()
                        .put("name", http.server().name(), OwnDefaults.SERVER.name())
                        .put("when", http.server().transformation(), OwnDefaults.SERVER.transformation()));
        write(tree, http.timeouts());
        HttpConfig.Limits limits = HttpConfig.Limits.DEFAULT;
        tree.section(
                "limits",
                new Tree()
                        .put("header", http.limits().headerBytes(), limits.headerBytes())
                        .put("header-fields", http.limits().headerCount(), limits.headerCount())
                        .put("requests-per-connection", http.limits().requestsPerConnection())
                        .put("underscores", http.limits().underscores(), limits.underscores())
                        .put("message", http.limits().messageBytes()));
        HttpConfig.Http2 http2 = HttpConfig.Http2.DEFAULT;
        tree.section(
                "http2",
                write(
                        new Tree()
                                .put(
                                        "max-concurrent-streams",
                                        http.http2().maxConcurrentStreams(),
                                        http2.maxConcurrentStreams())
                                .put("stream-window", http.http2().streamWindow(), http2.streamWindow())
                                .put("connection-window", http.http2().connectionWindow(), http2.connectionWindow())
                                .put("allow-connect", http.http2().allowConnect(), false),
                        http.http2().keepalive(),
                        http.http2().outbound()));
        write(tree, http.identity());
        tree.section(
                "path-cleaning",
                new Tree()
                        .put("normalize", http.path().normalize(), OwnDefaults.PATH.normalize())
                        .put("merge-slashes", http.path().mergeSlashes(), OwnDefaults.PATH.mergeSlashes())
                        .put("escaped-slashes", http.path().escapedSlashes(), OwnDefaults.PATH.escapedSlashes()));
        tree.section(
                "host-cleaning",
                new Tree()
                        .put("port", http.host().port(), HttpConfig.Host.DEFAULT.port())
                        .put("strip-trailing-dot", http.host().stripTrailingDot(), false));
        if (!http.early().isEmpty()) {
            Tree early = new Tree();
            HeaderFormat.write(early, http.early());
            tree.put("early", early);
        }
        AccessLogFormat.write(tree, http.accessLogs(), OwnDefaults.ACCESS_LOGS);
        tree.list("local-replies", http.localReplies(), HttpFormat::write);
        tree.list("allow-upgrades", List.copyOf(http.upgrades()))
                .put("http1-trailers", http.http1Trailers(), false)
                .put("http1.0", http.http10(), false);
        routes.write(tree, http.routes(), name, http.offByDefault());
    }

    private static void write(Tree tree, HttpConfig.Timeouts given) {
        HttpConfig.Timeouts otherwise = OwnDefaults.TIMEOUTS;
        tree.section(
                "timeouts",
                new Tree()
                        .put("connection-idle", given.connectionIdle(), otherwise.connectionIdle())
                        .put("connection-max", given.connectionMax(), otherwise.connectionMax())
                        .put("stream-idle", given.streamIdle(), otherwise.streamIdle())
                        .put("stream-flush", given.streamFlush(), otherwise.streamFlush())
                        .put("stream-max", given.streamMax(), otherwise.streamMax())
                        .put("request", given.request(), otherwise.request())
                        .put("request-headers", given.requestHeaders(), otherwise.requestHeaders())
                        .put("drain", given.drain(), otherwise.drain())
                        .put("delayed-close", given.delayedClose(), otherwise.delayedClose()));
    }

    private static void write(Tree tree, HttpConfig.Identity given) {
        HttpConfig.Identity otherwise = OwnDefaults.IDENTITY;
        tree.section(
                        "client-address",
                        new Tree()
                                .put("from-peer", given.useRemoteAddress(), otherwise.useRemoteAddress())
                                .put("trusted-hops", given.trustedHops(), otherwise.trustedHops())
                                .put("leave-forwarded-for", given.skipXffAppend(), otherwise.skipXffAppend())
                                .put("forward-peer", given.forwardsPeer(), otherwise.forwardsPeer())
                                .list("trusted-proxies", given.trustedProxies())
                                .put("trust-private", given.trustPrivate(), otherwise.trustPrivate()))
                .section(
                        "request-id",
                        new Tree()
                                .put("generate", given.generateRequestId(), otherwise.generateRequestId())
                                .put(
                                        "keep-external",
                                        given.preserveExternalRequestId(),
                                        otherwise.preserveExternalRequestId())
                                .put("in-response", given.requestIdInResponse(), otherwise.requestIdInResponse()));
    }

    private static Tree write(HttpConfig.LocalReplyMapping mapping) {
        Tree tree = new Tree();
        mapping.when().ifPresent(when -> tree.put("when", AccessLogFormat.write(when)));
        tree.put("status", mapping.status()).put("body", mapping.body());
        mapping.bodyFormat().ifPresent(format -> AccessLogFormat.write(tree, format));
        tree.put("content-type", mapping.contentType());
        HeaderFormat.write(tree, mapping.headers());
        return tree;
    }
}
