package io.grpcweb.gateway.admin;

import io.grpcweb.gateway.config.GatewayConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code /server_info}: what runs here, since when, and how it was started; names and forms are Envoy's. */
final class ServerInfoPage implements Page {
    private final ServerInfo info;
    private final Controls controls;
    private final GatewayConfig config;

    ServerInfoPage(ServerInfo info, Controls controls, GatewayConfig config) {
        this.info = info;
        this.controls = controls;
        this.config = config;
    }

    @Override
    public AdminResponse answer(AdminRequest request) {
        String uptime = Duration.between(info.started(), Instant.now()).toSeconds() + "s";
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("version", info.version().get());
        out.put("state", controls.state().name());
        out.put("uptime_current_epoch", uptime);
        out.put("uptime_all_epochs", uptime);
        out.put("hot_restart_version", "disabled");
        out.put("command_line_options", options());
        Map<String, Object> node = new LinkedHashMap<>();
        node.put("id", config.node().id());
        node.put("cluster", config.node().cluster());
        node.put("user_agent_name", "grpc-web-gateway");
        GatewayConfig.Node.Locality place = config.node().locality();
        if (!place.equals(GatewayConfig.Node.Locality.NOWHERE)) {
            Map<String, Object> locality = new LinkedHashMap<>();
            locality.put("region", place.region());
            locality.put("zone", place.zone());
            locality.put("sub_zone", place.subZone());
            locality.values().removeIf(""::equals);
            node.put("locality", locality);
        }
        out.put("node", node);
        return AdminResponse.json(Json.pretty(out));
    }

    private Map<String, Object> options() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("base_id", "0");
        options.put("concurrency", info.concurrency());
        options.put("config_path", info.configPath());
        options.put("config_yaml", info.configYaml());
        options.put("log_level", info.logLevel());
        options.put("component_log_level", info.componentLogLevel());
        options.put("log_path", info.logPath());
        options.put("service_cluster", info.serviceCluster());
        options.put("service_node", info.serviceNode());
        options.put("service_zone", config.node().locality().zone());
        options.put("drain_time", config.drain().drainTime().toSeconds() + "s");
        options.put("drain_strategy", config.drain().gradual() ? "Gradual" : "Immediate");
        options.put("mode", "Serve");
        options.put("parent_shutdown_time", "900s");
        options.put("file_flush_interval", "10s");
        options.put("log_format", info.logFormat());
        options.put("restart_epoch", 0);
        options.put("disable_hot_restart", true);
        return options;
    }
}
