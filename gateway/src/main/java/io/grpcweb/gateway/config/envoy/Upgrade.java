package io.grpcweb.gateway.config.envoy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns what older Envoys took (the v2 API, filters given by their name alone) into the v3 spelling, where there is only
 * one thing that it can mean. What is unknown stays as it is, so that the checker names it.
 */
final class Upgrade {
    private static final String URL = "type.googleapis.com/";
    private static final String EXTENSIONS = "envoy.extensions.";
    private static final String HCM = EXTENSIONS + "filters.network.http_connection_manager.v3.HttpConnectionManager";
    private static final String FILE_LOG = EXTENSIONS + "access_loggers.file.v3.FileAccessLog";

    private static final String HTTP = EXTENSIONS + "filters.http.";

    /** The messages of HTTP filters that are refused, by the last part of the filter's name. */
    private static final Map<String, String> REFUSED_FILTERS = Map.ofEntries(
            Map.entry("lua", "lua.v3.Lua"),
            Map.entry("grpc_json_transcoder", "grpc_json_transcoder.v3.GrpcJsonTranscoder"),
            Map.entry("grpc_http1_bridge", "grpc_http1_bridge.v3.Config"),
            Map.entry("jwt_authn", "jwt_authn.v3.JwtAuthentication"),
            Map.entry("ext_authz", "ext_authz.v3.ExtAuthz"),
            Map.entry("rbac", "rbac.v3.RBAC"),
            Map.entry("buffer", "buffer.v3.Buffer"),
            Map.entry("csrf", "csrf.v3.CsrfPolicy"),
            Map.entry("fault", "fault.v3.HTTPFault"),
            Map.entry("rate_limit", "ratelimit.v3.RateLimit"),
            Map.entry("ratelimit", "ratelimit.v3.RateLimit"),
            Map.entry("compressor", "compressor.v3.Compressor"));

    private final Schema schema;
    private final Map<String, String> filters = new HashMap<>();
    private final Set<String> steps = new LinkedHashSet<>();
    private Mark first;

    Upgrade(Schema schema, List<? extends EnvoyFormat<?>> formats) {
        this.schema = schema;
        REFUSED_FILTERS.forEach((name, message) -> filters.put(name, HTTP + message));
        for (EnvoyFormat<?> format : formats) {
            format.olderNames()
                    .forEach(name -> filters.put(name, format.envoyTypes().get(0)));
        }
    }

    /** Changes the tree, and warns once where something was changed. */
    void apply(Yaml.Mapping bootstrap, Problems problems) {
        Yaml.Mapping resources = bootstrap.mapping("static_resources");
        if (resources != null) {
            Yaml.mappings(resources.get("listeners")).forEach(this::listener);
            Yaml.mappings(resources.get("clusters")).forEach(this::cluster);
        }
        if (bootstrap.mapping("admin") != null) {
            accessLogs(bootstrap.mapping("admin"));
        }
        if (!steps.isEmpty()) {
            problems.warn(
                    first,
                    "",
                    "deprecated spelling of older Envoys (API v2, or filters without typed_config), read as if it were v3; "
                            + "write instead: " + String.join("; ", steps));
        }
    }

    private void step(Mark where, String text) {
        if (first == null || where.line() < first.line()) {
            first = where;
        }
        steps.add(text);
    }

    private void listener(Yaml.Mapping listener) {
        List<Yaml.Mapping> chains = new ArrayList<>(Yaml.mappings(listener.get("filter_chains")));
        chains.addAll(Yaml.mappings(listener.get("default_filter_chain")));
        for (Yaml.Mapping chain : chains) {
            tls(chain, "DownstreamTlsContext");
            for (Yaml.Mapping filter : Yaml.mappings(chain.get("filters"))) {
                boolean manager = filter.text("name").endsWith("http_connection_manager");
                extension(filter, manager ? HCM : "");
                Yaml.Mapping typed = filter.mapping("typed_config");
                if (typed != null && typed.text("@type").endsWith(HCM)) {
                    manager(typed);
                }
            }
        }
        for (Yaml.Mapping filter : Yaml.mappings(listener.get("listener_filters"))) {
            String name = filter.text("name");
            for (String known : List.of(
                    "tls_inspector.v3.TlsInspector",
                    "http_inspector.v3.HttpInspector",
                    "proxy_protocol.v3.ProxyProtocol")) {
                if (name.endsWith(known.substring(0, known.indexOf('.')))) {
                    extension(filter, EXTENSIONS + "filters.listener." + known);
                }
            }
        }
    }

    private void manager(Yaml.Mapping manager) {
        if (manager.get("idle_timeout") != null) {
            step(
                    manager.entries().get("idle_timeout").keyMark(),
                    "common_http_protocol_options.idle_timeout for idle_timeout");
            Yaml.Entry idle = manager.entries().remove("idle_timeout");
            if (manager.mapping("common_http_protocol_options") == null) {
                manager.put("common_http_protocol_options", idle.keyMark(), new Yaml.Mapping(idle.keyMark()));
            }
            manager.mapping("common_http_protocol_options").put("idle_timeout", idle.keyMark(), idle.value());
        }
        accessLogs(manager);
        for (Yaml.Mapping filter : Yaml.mappings(manager.get("http_filters"))) {
            String name = filter.text("name");
            extension(filter, filters.getOrDefault(name.substring(name.lastIndexOf('.') + 1), ""));
        }
        if (manager.mapping("route_config") != null) {
            new RouteUpgrade(this::step).apply(manager.mapping("route_config"));
        }
    }

    private void accessLogs(Yaml.Mapping owner) {
        for (Yaml.Mapping log : Yaml.mappings(owner.get("access_log"))) {
            String name = log.text("name");
            extension(
                    log,
                    name.equals("envoy.file_access_log") || name.equals("envoy.access_loggers.file") ? FILE_LOG : "");
        }
    }

    /** {@code config}, or nothing at all, to {@code typed_config}; an older type to that of v3. */
    private void extension(Yaml.Mapping item, String type) {
        Yaml.Mapping typed = item.mapping("typed_config");
        if (typed != null) {
            retype(typed);
            return;
        }
        if (type.isEmpty() || item.has("config_discovery")) {
            return;
        }
        Yaml.Entry config = item.entries().remove("config");
        Mark mark = config == null ? item.mark() : config.keyMark();
        Yaml.Mapping content =
                config != null && config.value() instanceof Yaml.Mapping mapping ? mapping : new Yaml.Mapping(mark);
        if (!content.has("@type")) {
            content.put("@type", mark, new Yaml.Scalar(URL + type, true, mark));
        }
        item.put("typed_config", mark, content);
        step(
                mark,
                config == null
                        ? "typed_config with \"@type\" for filters given by name"
                        : "typed_config with \"@type\" for config");
    }

    private void retype(Yaml.Mapping typed) {
        String old = typed.text("@type");
        String name = old.substring(old.lastIndexOf('/') + 1);
        if (schema.type(name) != null) {
            return;
        }
        String next = name.replace(
                        "envoy.config.filter.http.transcoder.v2.", EXTENSIONS + "filters.http.grpc_json_transcoder.v3.")
                .replace("envoy.config.accesslog.v2.FileAccessLog", FILE_LOG)
                .replaceFirst("^envoy\\.api\\.v2\\.auth\\.", EXTENSIONS + "transport_sockets.tls.v3.")
                .replaceFirst(
                        "^envoy\\.config\\.filter\\.http\\.rate_limit\\.v2\\.",
                        EXTENSIONS + "filters.http.ratelimit.v3.")
                .replaceFirst("^envoy\\.config\\.filter\\.", EXTENSIONS + "filters.")
                .replaceFirst("\\.v2(alpha)?\\.", ".v3.");
        if (schema.type(next) != null) {
            Mark mark = typed.entries().get("@type").keyMark();
            step(mark, "the v3 types in \"@type\"");
            typed.put("@type", mark, new Yaml.Scalar(URL + next, true, mark));
        }
    }

    private void tls(Yaml.Mapping owner, String type) {
        if (owner.get("tls_context") instanceof Yaml.Mapping context && !owner.has("transport_socket")) {
            Mark mark = owner.entries().get("tls_context").keyMark();
            owner.remove("tls_context");
            context.put(
                    "@type", mark, new Yaml.Scalar(URL + EXTENSIONS + "transport_sockets.tls.v3." + type, true, mark));
            Yaml.Mapping socket = new Yaml.Mapping(mark);
            socket.put("name", mark, new Yaml.Scalar("envoy.transport_sockets.tls", true, mark));
            socket.put("typed_config", mark, context);
            owner.put("transport_socket", mark, socket);
            step(mark, "transport_socket for tls_context");
        }
        Yaml.Mapping socket = owner.mapping("transport_socket");
        if (socket != null && socket.mapping("typed_config") != null) {
            retype(socket.mapping("typed_config"));
        }
    }

    private void cluster(Yaml.Mapping cluster) {
        tls(cluster, "UpstreamTlsContext");
        if (cluster.has("hosts") && !cluster.has("load_assignment")) {
            Mark mark = cluster.entries().get("hosts").keyMark();
            step(mark, "load_assignment for hosts");
            List<Yaml> endpoints = new ArrayList<>();
            for (Yaml host : Yaml.items(cluster.remove("hosts"))) {
                endpoints.add(wrap("endpoint", wrap("address", host)));
            }
            Yaml.Mapping assignment = wrap("endpoints", wrap("lb_endpoints", new Yaml.Sequence(endpoints, mark)));
            assignment.put("cluster_name", mark, new Yaml.Scalar(cluster.text("name"), true, mark));
            cluster.put("load_assignment", mark, assignment);
        }
        if (cluster.has("drain_connections_on_host_removal")) {
            step(
                    cluster.entries().get("drain_connections_on_host_removal").keyMark(),
                    "ignore_health_on_host_removal for drain_connections_on_host_removal");
            cluster.rename("drain_connections_on_host_removal", "ignore_health_on_host_removal");
        }
    }

    private static Yaml.Mapping wrap(String key, Yaml value) {
        Yaml.Mapping mapping = new Yaml.Mapping(value.mark());
        mapping.put(key, value.mark(), value);
        return mapping;
    }
}
