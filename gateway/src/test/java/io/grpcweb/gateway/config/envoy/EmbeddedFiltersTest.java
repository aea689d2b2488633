package io.grpcweb.gateway.config.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.RouteConfig.FilterOverride;
import io.grpcweb.gateway.filter.ratelimit.LocalRateLimit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Filters of the gateway's own format that are written as messages of Envoy. */
class EmbeddedFiltersTest {
    private static final String LIMIT = """
            { type = envoy, name = limit, typed-config {
                "@type" = "type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit"
                stat_prefix = limit
                status.code = ServiceUnavailable
                token_bucket { max_tokens = 5, tokens_per_fill = 2, fill_interval = 10s }
                filter_enabled.default_value { numerator = 50, denominator = HUNDRED }
                filter_enforced { default_value { numerator = 100 } }
                response_headers_to_add = [{ header { key = x-a, value = "1" } }, { header { key = x-b, value = "2" } }]
            } }
            """;

    private static HttpConfig http(String filters, String route) throws ConfigException {
        return config(filters, route).listeners().get(0).chains().get(0).http();
    }

    private static GatewayConfig config(String filters, String route) throws ConfigException {
        return Configs.parse("""
                listeners.main {
                  listen = "127.0.0.1:8080"
                  filters = [grpc-web, %s]
                  routes = [{ prefix = "/", respond { status = 200 }, %s }]
                }
                """.formatted(filters, route), "x.conf");
    }

    @Test
    void aMessageIsReadAsInAFileOfEnvoy() throws ConfigException {
        String yaml = """
                - name: limit
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit
                    stat_prefix: limit
                    status: { code: ServiceUnavailable }
                    token_bucket: { max_tokens: 5, tokens_per_fill: 2, fill_interval: 10s }
                    filter_enabled: { default_value: { numerator: 50, denominator: HUNDRED } }
                    filter_enforced: { default_value: { numerator: 100 } }
                    response_headers_to_add: [ { header: { key: x-a, value: "1" } }, { header: { key: x-b, value: "2" } } ]
                """;
        FilterConfig same =
                new Bootstraps().with("FILTERS", yaml).http().filters().get(0);

        assertThat(http(LIMIT, "").filters().get(1)).isEqualTo(same).isInstanceOf(LocalRateLimit.class);
    }

    @Test
    void itIsWrittenAsAFilterOfItsOwnType() throws ConfigException {
        GatewayConfig config = config(LIMIT, "");
        String text = Configs.write(config);

        assertThat(text).contains("type = \"rate-limit\"").doesNotContain("typed-config");
        assertThat(Configs.parse(text, "x")
                        .listeners()
                        .get(0)
                        .chains()
                        .get(0)
                        .http()
                        .filters())
                .isEqualTo(config.listeners().get(0).chains().get(0).http().filters());
    }

    @Test
    void aRouteMayHaveAMessageOfItsOwn() throws ConfigException {
        HttpConfig http = http("{ type = rate-limit, name = limit }", "filters { limit = " + LIMIT + " }");
        Map<String, FilterOverride> overrides =
                http.routes().virtualHosts().get(0).routes().get(0).filters();

        assertThat(overrides)
                .isEqualTo(Map.of(
                        "limit",
                        new FilterOverride.Replaced(http(LIMIT, "").filters().get(1))));
    }

    @Test
    void whatIsWrongIsNamedWithItsLineAndItsPath() {
        String broken = """
                { type = envoy, typed-config {
                    "@type" = "type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit"
                    stat_prefx = limit
                    token_bucket {
                      max_tokens = many
                    }
                    stage = 1
                } }
                """;

        assertThatThrownBy(() -> config(broken, ""))
                .hasMessageContaining(
                        "x.conf:5: listeners.main.filters[1].typed-config.stat_prefx: unknown field: Envoy has no"
                                + " field 'stat_prefx' in LocalRateLimit")
                .hasMessageContaining("x.conf:7: listeners.main.filters[1].typed-config.token_bucket.max_tokens: ")
                .hasMessageContaining("'stat_prefix' is required in LocalRateLimit");
    }

    @Test
    void aFieldWithoutEffectIsAWarning() throws ConfigException {
        String text = LIMIT.replace("status.code = ServiceUnavailable", "filter_enabled.runtime_key = a");

        assertThat(config(text, "").warnings())
                .filteredOn(line -> line.contains("typed-config.filter_enabled.runtime_key"))
                .singleElement()
                .asString()
                .startsWith("x.conf:6: ")
                .contains("there is no runtime");
    }

    @Test
    void whatIsNoMessageOfAFilterIsRefused() {
        String type = "{ type = envoy, typed-config { \"@type\" = \"type.googleapis.com/%s\" } }";
        for (String[] wrong : List.of(
                new String[] {"envoy.extensions.filters.http.wasm.v3.Wasm", "not supported by this gateway: "},
                new String[] {"envoy.extensions.filters.http.lua.v3.Lua", "does nothing here: leave it out"},
                new String[] {"envoy.extensions.filters.http.nothing.v3.Nothing", "Envoy has no '"},
                new String[] {"envoy.config.core.v3.Address", "envoy.config.core.v3.Address is no HTTP filter"})) {
            assertThatThrownBy(() -> config(type.formatted(wrong[0]), ""))
                    .hasMessageContaining("x.conf:3: listeners.main.filters[1].typed-config: ")
                    .hasMessageContaining(wrong[1]);
        }
        assertThatThrownBy(() -> config("{ type = envoy, typed-config { stat_prefix = a } }", ""))
                .hasMessageContaining("x.conf:3: listeners.main.filters[1].typed-config: needs \"@type\"");
        assertThatThrownBy(() -> config("{ type = envoy, name = a }", ""))
                .hasMessageContaining("listeners.main.filters[1].typed-config: a section { ... } is expected");
        assertThatThrownBy(() -> config("grpc-stats", "filters { grpc-stats = " + LIMIT + " }"))
                .hasMessageContaining("LocalRateLimit is no setting of the filter 'grpc-stats'");
    }
}
