package io.grpcweb.gateway.config.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.hocon.FirstListener;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Extensions that change nothing here are taken; those that guard are refused. */
final class ExtensionsWithoutEffectTest {
    private static final String HTTP = "envoy.extensions.filters.http.";

    private static String filter(String name, String type, String fields) {
        return "- { name: " + name + ", typed_config: { \"@type\": type.googleapis.com/" + type
                + (fields.isEmpty() ? "" : ", " + fields) + " } }\n";
    }

    private static GatewayConfig with(String filters) throws ConfigException {
        return new Bootstraps().with("FILTERS", filters).read();
    }

    private static List<String> names(GatewayConfig config) {
        return FirstListener.http(config).filters().stream()
                .map(FilterConfig::name)
                .toList();
    }

    @Test
    void aFilterWhoseLackACallDoesNotNoticeIsLeftOutWithOneWarning() throws Exception {
        GatewayConfig config = with(filter("alpn", "istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig", ""));

        assertThat(names(config)).containsExactly("envoy.filters.http.router");
        assertThat(config.warnings())
                .filteredOn(line -> line.contains("alpn"))
                .singleElement()
                .asString()
                .contains("http_filters[0].typed_config: istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig"
                        + " is accepted without effect");
    }

    @Test
    void filtersThatKeepOrRecordAreLeftOut() throws Exception {
        GatewayConfig config = with(filter(
                        "cache",
                        HTTP + "cache.v3.CacheConfig",
                        "typed_config: { \"@type\": type.googleapis.com/envoy.extensions.http.cache.simple_http_cache.v3.SimpleHttpCacheConfig }")
                + filter(
                        "protocols",
                        HTTP + "alternate_protocols_cache.v3.FilterConfig",
                        "alternate_protocols_cache_options: { name: a }")
                + filter("tap", HTTP + "tap.v3.Tap", "common_config: { admin_config: { config_id: a } }"));

        assertThat(names(config)).containsExactly("envoy.filters.http.router");
        assertThatThrownBy(() -> with(filter(
                        "tap",
                        HTTP + "tap.v3.Tap",
                        "common_config: { static_config: { match_config: { any_match: true }, output_config: { sinks:"
                                + " [ { file_per_tap: { path_prefix: /tmp/a } } ] } } }")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("tap.v3.Tap");
    }

    @Test
    void theExtensionsOfIstiosOwnProxyAreLeftOut() throws Exception {
        GatewayConfig config = with(
                filter(
                                "istio.metadata_exchange",
                                "io.istio.http.peer_metadata.Config",
                                "upstream_discovery: [{ istio_headers: {} }]")
                        + filter("istio.alpn", "istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig", "")
                        + filter(
                                "istio.stats",
                                "udpa.type.v1.TypedStruct",
                                "type_url: type.googleapis.com/stats.PluginConfig, value: { disable_host_header_fallback: true }"));

        assertThat(names(config)).containsExactly("envoy.filters.http.router");
        assertThat(config.warnings())
                .filteredOn(line -> line.contains("without effect"))
                .hasSize(3);
    }

    @Test
    void filtersOfAClusterThatDoNothingAreLeftOut() throws Exception {
        String socket =
                "http2_protocol_options: {}\nfilters: [{ name: istio.metadata_exchange, typed_config: { \"@type\": %s } }]";

        GatewayConfig config = new Bootstraps()
                .with(
                        "CLUSTER",
                        String.format(
                                socket,
                                "type.googleapis.com/envoy.tcp.metadataexchange.config.MetadataExchange, protocol: mx"))
                .read();

        assertThat(config.clusters()).hasSize(1);
        assertThatThrownBy(() -> new Bootstraps()
                        .with("CLUSTER", String.format(socket, "type.googleapis.com/" + HTTP + "wasm.v3.Wasm"))
                        .read())
                .hasMessageContaining("clusters[0].filters[0].typed_config: not supported by this gateway");
    }

    @Test
    void aFilterWhoseSettingsDoNothingIsLeftOutInSilence() throws Exception {
        String rules = "type.googleapis.com/envoy.extensions.filters.network.rbac.v3.RBAC, stat_prefix: a";
        GatewayConfig config = Bootstraps.read(network(
                rules,
                filter(
                        "lua",
                        HTTP + "lua.v3.Lua",
                        "source_codes: { a.lua: { inline_string: \"function f() end\" } }")));

        assertThat(names(config)).containsExactly("envoy.filters.http.router");
        assertThat(config.warnings()).noneMatch(line -> line.contains("lua") || line.contains("rbac"));
        assertThatThrownBy(() -> Bootstraps.read(network(rules + ", rules: {}", "")))
                .hasMessageContaining("filters[0].typed_config: not supported by this gateway");
    }

    private static String network(String type, String filters) {
        String manager = "- name: envoy.filters.network.http_connection_manager";
        return new Bootstraps()
                .with("FILTERS", filters.isEmpty() ? "# none" : filters)
                .text()
                .replace(manager, "- { name: first, typed_config: { \"@type\": " + type + " } }\n      " + manager);
    }

    @Test
    void theSameFilterWithSettingsThatDoSomethingIsRefused() {
        assertThatCode(() -> with(filter(
                        "lua", HTTP + "lua.v3.Lua", "default_source_code: { inline_string: \"\\n -- nothing\\n\" }")))
                .doesNotThrowAnyException();
        for (String script : List.of("x = 1", "-- a\\nx = 1", "--[[ a\\n]] x = 1", "--[==[ a ]==] x = 1")) {
            assertThatThrownBy(() -> with(filter(
                            "lua", HTTP + "lua.v3.Lua", "default_source_code: { inline_string: \"" + script + "\" }")))
                    .isInstanceOf(ConfigException.class);
        }
        assertThatThrownBy(() -> with(filter("lua", HTTP + "lua.v3.Lua", "inline_code: \"function f() end\"")))
                .hasMessageContaining("http_filters[0].typed_config: not supported by this gateway: " + HTTP
                        + "lua.v3.Lua: a preflight is answered by the cors filter");
        assertThatThrownBy(() -> new Bootstraps()
                        .with("FILTERS", filter("lua", HTTP + "lua.v3.Lua", ""))
                        .with("HOST", perFilter("lua", HTTP + "lua.v3.LuaPerRoute, name: a.lua"))
                        .read())
                .hasMessageContaining("typed_per_filter_config.lua: not supported by this gateway: " + HTTP
                        + "lua.v3.Lua is turned on here");
    }

    @Test
    void whatARouteSaysOfSuchAFilterIsLeftOutAsWell() throws Exception {
        GatewayConfig config = new Bootstraps()
                .with("FILTERS", filter("lua", HTTP + "lua.v3.Lua", ""))
                .with("HOST", perFilter("lua", HTTP + "lua.v3.LuaPerRoute, disabled: true"))
                .read();

        assertThat(config.warnings()).noneMatch(line -> line.contains("lua"));
    }

    private static String perFilter(String name, String content) {
        return "typed_per_filter_config: { " + name + ": { \"@type\": type.googleapis.com/" + content + " } }";
    }

    @Test
    void anUnknownFilterIsLeftOutWhereItIsOptional() throws Exception {
        String magic =
                "- { name: magic, is_optional: %s, typed_config: { \"@type\": type.googleapis.com/acme.Magic } }\n";

        assertThat(names(with(String.format(magic, true)))).containsExactly("envoy.filters.http.router");
        assertThatThrownBy(() -> with(String.format(magic, false)))
                .hasMessageContaining("unknown type: Envoy has no 'acme.Magic'");
        // A filter that Envoy has would do its work there, optional or not.
        assertThatThrownBy(() -> with(String.format(magic, true).replace("acme.Magic", HTTP + "wasm.v3.Wasm")))
                .hasMessageContaining("plug-ins are not run");
    }

    @Test
    void anAccessLogOfConnectionsThatAreOnlyPassedOnIsLeftOut() throws Exception {
        GatewayConfig config = new Bootstraps()
                .with(
                        "MANAGER",
                        "access_log: [{ name: als, typed_config: { \"@type\": type.googleapis.com/"
                                + "envoy.extensions.access_loggers.grpc.v3.TcpGrpcAccessLogConfig, common_config: { log_name: a,"
                                + " grpc_service: { envoy_grpc: { cluster_name: als } } } } }]")
                .read();

        assertThat(FirstListener.http(config).accessLogs()).isEmpty();
        assertThat(config.warnings()).anyMatch(line -> line.contains("there are no TCP proxies"));
    }

    @Test
    void fieldsThatEnvoyDoesNotHaveAreNamedInsideOfWhatIsLeftOut() {
        assertThatThrownBy(() -> with(filter("lua", HTTP + "lua.v3.Lua", "source_cods: {}")))
                .hasMessageContaining("did you mean 'source_codes'?");
    }
}
