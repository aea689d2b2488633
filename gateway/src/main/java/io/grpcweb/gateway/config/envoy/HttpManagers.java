package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.AccessLogConfig;
import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.HeaderRules;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.RouteConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** An Envoy HTTP connection manager. */
final class HttpManagers {
    /** How many frames without use a peer may send. */
    static final List<String> INBOUND_FRAMES = List.of(
            "max_inbound_priority_frames_per_stream",
            "max_inbound_window_update_frames_per_data_frame_sent",
            "max_consecutive_inbound_frames_with_empty_payload");

    private final Reading reading;
    private final Headers headers;
    private final AccessLogs logs;
    private final Filters filters;
    private final Routes routes;
    private final Arrival arrival;
    private final Tracings tracings;

    HttpManagers(Reading reading, Matchers matchers, AccessLogs logs) {
        this.reading = reading;
        this.logs = logs;
        this.headers = new Headers(reading);
        this.filters = new Filters(reading, reading.filters);
        this.routes = new Routes(reading, matchers, headers, filters);
        this.arrival = new Arrival(reading, headers);
        this.tracings = new Tracings(reading);
    }

    HttpConfig read(Msg manager) {
        List<FilterConfig> chain = filters.read(manager);
        RouteConfig table = manager.message("route_config")
                .map(config -> routes.read(config, chain))
                .orElse(new RouteConfig("", List.of(), HeaderRules.NONE, false, false));
        Msg http1 = manager.message("http_protocol_options").orElse(manager);
        return new HttpConfig(
                manager.text("stat_prefix"),
                HttpConfig.Codec.valueOf(manager.text("codec_type", "AUTO")),
                table,
                chain,
                filters.offByDefault(),
                new HttpConfig.Server(
                        manager.filled("server_name").orElse("envoy"),
                        HttpConfig.Server.Transformation.valueOf(
                                manager.text("server_header_transformation", "OVERWRITE"))),
                timeouts(manager),
                limits(manager),
                manager.message("http2_protocol_options")
                        .map(HttpManagers::http2)
                        .orElse(HttpConfig.Http2.DEFAULT),
                arrival.identity(manager),
                path(manager),
                Arrival.host(manager),
                arrival.early(manager),
                logs.read(manager),
                tracings.read(manager),
                localReplies(manager),
                upgrades(manager),
                false,
                HttpConfig.WebSockets.DEFAULT,
                http1 != manager && http1.flag("enable_trailers", false),
                http1 != manager && http1.flag("accept_http_10", false),
                http1 == manager ? "" : http1.text("default_host_for_http_10"),
                filters.places());
    }

    private static HttpConfig.Timeouts timeouts(Msg manager) {
        Optional<Msg> common = manager.message("common_http_protocol_options");
        HttpConfig.Timeouts otherwise = HttpConfig.Timeouts.DEFAULT;
        return new HttpConfig.Timeouts(
                common.flatMap(options -> options.duration("idle_timeout")).orElse(otherwise.connectionIdle()),
                common.flatMap(options -> options.duration("max_connection_duration"))
                        .orElse(otherwise.connectionMax()),
                manager.duration("stream_idle_timeout", otherwise.streamIdle()),
                manager.duration(
                        "stream_flush_timeout", manager.duration("stream_idle_timeout", otherwise.streamFlush())),
                common.flatMap(options -> options.duration("max_stream_duration"))
                        .orElse(otherwise.streamMax()),
                manager.duration("request_timeout", otherwise.request()),
                manager.duration("request_headers_timeout", otherwise.requestHeaders()),
                otherwise.requestProgress(),
                manager.duration("drain_timeout", otherwise.drain()),
                manager.duration("delayed_close_timeout", otherwise.delayedClose()));
    }

    private static HttpConfig.Limits limits(Msg manager) {
        Optional<Msg> common = manager.message("common_http_protocol_options");
        HttpConfig.Limits otherwise = HttpConfig.Limits.DEFAULT;
        return new HttpConfig.Limits(
                manager.integer("max_request_headers_kb", otherwise.headerBytes() / 1024) * 1024,
                common.map(options -> options.integer("max_headers_count", otherwise.headerCount()))
                        .orElse(otherwise.headerCount()),
                requestsPerConnection(common),
                common.map(options -> HttpConfig.Limits.Underscores.valueOf(
                                options.text("headers_with_underscores_action", "ALLOW")))
                        .orElse(HttpConfig.Limits.Underscores.ALLOW),
                OptionalInt.empty(),
                manager.flag("append_local_overload", false));
    }

    /** Zero means no limit, as in Envoy. */
    static OptionalInt requestsPerConnection(Optional<Msg> common) {
        int most = common.map(options -> options.integer("max_requests_per_connection", 0))
                .orElse(0);
        return most == 0 ? OptionalInt.empty() : OptionalInt.of(most);
    }

    private static HttpConfig.Http2 http2(Msg options) {
        HttpConfig.Http2 otherwise = HttpConfig.Http2.DEFAULT;
        return new HttpConfig.Http2(
                options.integer("max_concurrent_streams", otherwise.maxConcurrentStreams()),
                options.integer("initial_stream_window_size", otherwise.streamWindow()),
                options.integer("initial_connection_window_size", otherwise.connectionWindow()),
                keepalive(options),
                options.flag("allow_connect", false),
                outbound(options),
                inbound(options));
    }

    private static HttpConfig.InboundFrames inbound(Msg options) {
        HttpConfig.InboundFrames otherwise = HttpConfig.InboundFrames.DEFAULT;
        return new HttpConfig.InboundFrames(
                options.integer(INBOUND_FRAMES.get(0), otherwise.prioritiesPerStream()),
                options.integer(INBOUND_FRAMES.get(1), otherwise.windowUpdatesPerData()),
                // For Netty 0 is no limit.
                Math.max(1, options.integer(INBOUND_FRAMES.get(2), otherwise.emptyInARow())));
    }

    static HttpConfig.OutboundFrames outbound(Msg options) {
        HttpConfig.OutboundFrames otherwise = HttpConfig.OutboundFrames.DEFAULT;
        return new HttpConfig.OutboundFrames(
                options.integer("max_outbound_frames", otherwise.all()),
                options.integer("max_outbound_control_frames", otherwise.control()));
    }

    static HttpConfig.Keepalive keepalive(Msg options) {
        return options.message("connection_keepalive")
                .map(keepalive -> new HttpConfig.Keepalive(
                        keepalive.duration("interval", Duration.ZERO),
                        keepalive.duration("timeout", Duration.ZERO),
                        Reading.percent(keepalive, "interval_jitter", HttpConfig.Keepalive.USUAL_JITTER),
                        keepalive.duration("connection_idle_interval", Duration.ZERO)))
                .orElse(HttpConfig.Keepalive.OFF);
    }

    private static HttpConfig.Path path(Msg manager) {
        String slashes = manager.text("path_with_escaped_slashes_action", "IMPLEMENTATION_SPECIFIC_DEFAULT");
        return new HttpConfig.Path(
                manager.flag("normalize_path", false),
                manager.flag("merge_slashes", false),
                slashes.equals("IMPLEMENTATION_SPECIFIC_DEFAULT")
                        ? HttpConfig.Path.EscapedSlashes.KEEP_UNCHANGED
                        : HttpConfig.Path.EscapedSlashes.valueOf(slashes));
    }

    private Set<String> upgrades(Msg manager) {
        Set<String> found = new LinkedHashSet<>();
        for (Msg upgrade : manager.messages("upgrade_configs")) {
            String type = upgrade.text("upgrade_type").toLowerCase(Locale.ROOT);
            if (!type.equals("websocket")) {
                reading.error(upgrade, "upgrade_type", "not supported by this gateway: '" + type + "'; websocket is");
            }
            if (upgrade.flag("enabled", true)) {
                found.add(type);
            }
        }
        return found;
    }

    /** The mappers, and a last one for the common body format; each mapper without a format of its own has that one. */
    private List<HttpConfig.LocalReplyMapping> localReplies(Msg manager) {
        List<HttpConfig.LocalReplyMapping> found = new ArrayList<>();
        Optional<Msg> config = manager.message("local_reply_config");
        Optional<Msg> common = config.flatMap(one -> one.message("body_format"));
        config.ifPresent(one -> {
            for (Msg mapper : one.messages("mappers")) {
                found.add(mapping(mapper, common));
            }
        });
        common.ifPresent(format -> found.add(new HttpConfig.LocalReplyMapping(
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.of(logs.substitution(format)),
                format.filled("content_type"),
                HeaderRules.NONE)));
        return found;
    }

    private HttpConfig.LocalReplyMapping mapping(Msg mapper, Optional<Msg> common) {
        Optional<Msg> format = mapper.message("body_format_override").or(() -> common);
        Optional<AccessLogConfig.Format> bodyFormat = format.map(logs::substitution);
        return new HttpConfig.LocalReplyMapping(
                mapper.message("filter").flatMap(logs::filter),
                mapper.integer("status_code"),
                mapper.message("body").map(body -> DataSources.text(body, reading)),
                bodyFormat,
                format.flatMap(one -> one.filled("content_type")),
                new HeaderRules(List.of(), List.of(), headers.add(mapper, "headers_to_add"), List.of()));
    }
}
