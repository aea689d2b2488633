package io.grpcweb.gateway.config.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.GatewayConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Filters that are not supported where nobody needs them: off, or named by a route of a listener that does not have them. */
final class DormantFiltersTest {
    private static final String HTTP = "type.googleapis.com/envoy.extensions.filters.http.";
    private static final String OVERRIDE = "\"@type\": type.googleapis.com/envoy.config.route.v3.FilterConfig";
    private static final String WASM =
            "- name: plugin\n  disabled: true\n  typed_config: { \"@type\": " + HTTP + "wasm.v3.Wasm }\n";
    private static final String CORS = "- name: cors\n  typed_config: { \"@type\": " + HTTP + "cors.v3.Cors }\n";

    private static String place(String name, String settings) {
        return "typed_per_filter_config: { " + name + ": { " + settings + " } }";
    }

    private static GatewayConfig read(String filters, String host) throws ConfigException {
        Bootstraps file = new Bootstraps().with("HOST", host);
        return (filters.isEmpty() ? file : file.with("FILTERS", filters)).read();
    }

    private static List<String> names(GatewayConfig config) {
        return config.listeners().get(0).chains().get(0).http().filters().stream()
                .map(FilterConfig::name)
                .toList();
    }

    @Test
    void aFilterThatIsOffIsTaken() throws ConfigException {
        GatewayConfig config = read(WASM, place("plugin", OVERRIDE + ", disabled: true"));

        assertThat(names(config)).containsExactly("envoy.filters.http.router");
        assertThat(config.warnings())
                .anySatisfy(line -> assertThat(line).contains("wasm.v3.Wasm is not supported", "and is off"));
    }

    @Test
    void whoTurnsItOnIsRefused() {
        for (String settings : List.of(
                OVERRIDE + ", config: {}",
                OVERRIDE + ", config: { \"@type\": " + HTTP + "wasm.v3.Wasm }",
                "\"@type\": " + HTTP + "wasm.v3.Wasm")) {
            assertThatThrownBy(() -> read(WASM, place("plugin", settings)))
                    .hasMessageContaining("wasm.v3.Wasm is turned on here")
                    .hasMessageContaining("typed_per_filter_config.plugin");
        }
    }

    @Test
    void settingsOfAFilterThatTheListenerDoesNotHaveAreTaken() throws ConfigException {
        GatewayConfig config = read("", place("plugin", "\"@type\": " + HTTP + "wasm.v3.Wasm"));

        assertThat(config.warnings())
                .anySatisfy(line -> assertThat(line).contains("no HTTP filter is called 'plugin'"));
    }

    @Test
    void settingsOfAnotherFilterAreRefusedUnlessTheyAreOptional() throws ConfigException {
        String content = ", config: { \"@type\": " + HTTP + "wasm.v3.Wasm }";
        assertThatThrownBy(() -> read(CORS, place("cors", OVERRIDE + content)))
                .hasMessageContaining("is no setting of the filter 'cors'");
        assertThat(names(read(CORS, place("cors", OVERRIDE + ", is_optional: true" + content))))
                .contains("cors");
    }

    @Test
    void aTypeThatEnvoyDoesNotHaveIsTakenWhereItIsOptional() throws ConfigException {
        String content = ", config: { \"@type\": type.googleapis.com/own.Filter }";
        assertThatThrownBy(() -> read(CORS, place("cors", OVERRIDE + content)))
                .hasMessageContaining("Envoy has no 'own.Filter'");
        assertThat(names(read(CORS, place("cors", OVERRIDE + ", is_optional: true" + content))))
                .contains("cors");
    }

    @Test
    void aFilterThatIsOnIsRefusedAsBefore() {
        assertThatThrownBy(() -> read(WASM.replace("  disabled: true\n", ""), ""))
                .hasMessageContaining("not supported by this gateway");
    }
}
