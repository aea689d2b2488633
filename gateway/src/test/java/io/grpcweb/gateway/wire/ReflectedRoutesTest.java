package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Script;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import io.grpcweb.gateway.testing.ShopReflection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Routes that take the services which their backends have, as these say by reflection. */
class ReflectedRoutesTest {
    private static final String ITEM = "/shop.Shop/GetItem";
    private static final String OTHER = "/other.Other/Call";
    private static final String UNKNOWN = "the backend has not told its services yet";

    private final ScriptedBackend shop = new ScriptedBackend().on(ITEM, answering("shop"));
    private final ScriptedBackend rest =
            new ScriptedBackend().on(ITEM, answering("rest")).on(OTHER, answering("rest"));

    @AfterEach
    void stop() {
        shop.close();
        rest.close();
    }

    private static Script answering(String name) {
        return seen -> {
            seen.awaitEnd();
            seen.trailersOnly("grpc-status", "0", "x-backend", name);
        };
    }

    private RunningGateway gateway() {
        return RunningGateway.of(Setup.parse("listeners.main { listen = \"127.0.0.1:0\", access-log = []\n"
                + "cors.origins = [\"https://app.example\"]\n"
                + "routes = [{ services = reflection, cluster = shop }\n"
                + "{ path-prefix = \"/page\", respond.body = page }, { prefix = \"/\", cluster = rest }] }\n"
                + "clusters.shop.endpoints = [\"127.0.0.1:" + shop.port() + "\"]\n"
                + "clusters.rest.endpoints = [\"127.0.0.1:" + rest.port() + "\"]\n"));
    }

    private static String call(RunningGateway gateway, String path) {
        try (Browser browser = Browser.connect(2, gateway.port())) {
            Answer answer = browser.post(path, Frames.F3, "content-type", "application/grpc-web+proto");
            return answer.text() + answer.header("x-backend");
        }
    }

    @Test
    void aCallGoesWhereItsServiceIs() {
        shop.on(ShopReflection.V1, new ShopReflection());
        try (RunningGateway gateway = gateway()) {
            assertThat(call(gateway, ITEM)).contains("grpc-status:0").contains("shop");
            assertThat(call(gateway, "/shop.Shop/NoSuchMethod")).contains("grpc-status:12");
            assertThat(call(gateway, OTHER)).contains("grpc-status:0").contains("rest");
        }
    }

    @Test
    void aCallIsNotForTheNextRouteWhileTheBackendHasNotTold() {
        shop.on(ShopReflection.V1, answering("shop"));
        try (RunningGateway gateway = gateway()) {
            assertThat(call(gateway, ITEM)).contains("grpc-status:14").contains(UNKNOWN + " (");
            assertThat(call(gateway, OTHER)).contains("grpc-status:14").contains(UNKNOWN);
            try (Http1Browser browser = new Http1Browser(gateway.port())) {
                assertThat(browser.ask("GET", "/page/index").text()).isEqualTo("page");
                Answer preflight = browser.ask(
                        "OPTIONS", ITEM, "origin", "https://app.example", "access-control-request-method", "POST");
                assertThat(preflight.header("access-control-allow-origin")).isEqualTo("https://app.example");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "services = descriptors, cluster = backend | 'reflection' is expected, not 'descriptors'",
                "services = reflection, prefix = \"/\", cluster = backend | the services of the backend say which paths",
                "services = reflection, respond.body = page | a backend has services: the route needs a 'cluster'",
                "services = reflection, cluster-header = x-to | a backend has services: the route needs a 'cluster'"
            })
    void aRouteWithoutABackendThatCouldTellIsRefused(String route, String problem) {
        assertThatThrownBy(() -> Configs.parse(
                        "listeners.main { listen = \"127.0.0.1:0\", routes = [{ " + route + " }] }\n"
                                + "clusters.backend.endpoints = [\"127.0.0.1:1\"]\n",
                        "test.conf"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("test.conf:1")
                .hasMessageContaining(problem);
    }

    @Test
    void itIsWrittenAsItWasRead() throws ConfigException {
        GatewayConfig config = Setup.own("services = reflection, grpc = true, timeout = 5s", "", "127.0.0.1:1");

        assertThat(Configs.write(config)).contains("services").doesNotContain("prefix");
        assertThat(Configs.parse(Configs.write(config), "again.conf").listeners())
                .isEqualTo(config.listeners());
    }
}
