package io.grpcweb.gateway.filter.cors;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.RouteConfig.FilterOverride;
import io.grpcweb.gateway.config.RouteConfig.VirtualHost;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies as settings of routes, in the gateway's own format. */
class CorsKindTest {
    private static final String A = "cors { origins = [\"https://a.example\"] }";

    private static GatewayConfig config(String listener) throws ConfigException {
        return Configs.parse(
                "listeners.main {\n listen = \"127.0.0.1:8080\"\n" + listener
                        + "\n}\nclusters.backend.endpoints = [\"127.0.0.1:1\"]\n",
                "x.conf");
    }

    private static HttpConfig http(GatewayConfig config) {
        return config.listeners().get(0).chains().get(0).http();
    }

    private static VirtualHost host(String listener) throws ConfigException {
        return http(config(listener)).routes().virtualHosts().get(0);
    }

    private static Map<String, FilterOverride> route(String listener) throws ConfigException {
        return host(listener).routes().get(0).filters();
    }

    @Test
    void aPolicyIsASettingOfItsRouteAndOfRequestsThatNoRouteTakes() throws ConfigException {
        VirtualHost host = host(A + ", routes = [{ prefix = \"/a\", cors.max-age = \"5\" }, { prefix = \"/b\" }]");

        assertThat(host.filters()).containsOnlyKeys("cors");
        assertThat(host.routes().get(1).filters()).isEqualTo(host.filters());
        CorsPolicy own = CorsPolicy.of(host.routes().get(0).filters()).orElseThrow();
        assertThat(own.maxAge()).isEqualTo("5");
        assertThat(own.origins())
                .isEqualTo(CorsPolicy.of(host.filters()).orElseThrow().origins());
    }

    @Test
    void theFilterMayHaveAnotherName() throws ConfigException {
        assertThat(host("filters = [{ type = cors, name = pages }, grpc-web], " + A)
                        .filters())
                .containsOnlyKeys("pages");
    }

    @Test
    void aRouteTurnsThePolicyOff() throws ConfigException {
        Map<String, FilterOverride> off = Map.of("cors", new FilterOverride.Disabled());

        assertThat(route(A + ", routes = [{ cors = off }]")).isEqualTo(off);
        assertThat(route(A + ", routes = [{ filters { cors = off } }]")).isEqualTo(off);
        assertThat(route("routes = [{ cors = off }]")).isEmpty();
    }

    @Test
    void aFilterThatIsOffByDefaultWaitsForTheRoute() throws ConfigException {
        String filters = "filters = [{ type = cors, disabled = true }, grpc-web], " + A;

        assertThat(host(filters).filters()).isEmpty();
        assertThat(route(filters)).isEmpty();
        assertThat(CorsPolicy.of(route(filters + ", routes = [{ filters { cors = on } }]")))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "routes = [{ cors = off }]",
                "routes = [{ filters { cors = off } }]",
                "routes = [{ cors { origins = [\"*\"], shadow = 0.5 } }, { prefix = \"/b\" }]",
                "filters = [grpc-web]",
                "filters = [{ type = cors, name = pages }, grpc-web], routes = [{ filters { pages = off } }]",
                "filters = [{ type = cors, disabled = true }], routes = [{ filters { cors = on } }, { prefix = \"/b\" }]",
                "virtual-hosts = [{ cors.max-age = \"7\", routes = [{ cors.allow-headers = \"*\" }, { cors = off }] }]"
            })
    void whatIsWrittenIsReadBack(String listener) throws ConfigException {
        for (String policy : new String[] {A + ", ", ""}) {
            GatewayConfig config = config(policy + listener);
            String text = Configs.write(config);

            assertThat(http(Configs.parse(text, "x.conf")).routes())
                    .as(text)
                    .usingRecursiveComparison()
                    .ignoringFieldsMatchingRegexes(".*place")
                    .isEqualTo(http(config).routes());
        }
    }
}
