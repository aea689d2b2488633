package io.grpcweb.gateway.config.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.runtime.FilterKinds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

/** Honoured, accepted without effect, refused, unknown; and what an operator is told of the usual mistakes. */
final class EnvoyVerdictTest {
    private static final String LUA = """
            - name: envoy.filters.http.lua
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua
                inline_code: "function envoy_on_request(h) end"
            """;

    @Test
    void everyRowOfTheTableIsAboutAFieldThatEnvoyHas() {
        Schema schema = Schema.load(FilterKinds.ALL.list());
        List<String> wrong = new ArrayList<>();
        Support.load(FilterKinds.ALL.list())
                .rows()
                .forEach((message, rows) -> rows.forEach((row, rule) -> {
                    String field = row.replaceFirst("=.*", "");
                    if (schema.type(message) == null
                            || !schema.type(message).fields().containsKey(field)) {
                        wrong.add(message + "." + row);
                    }
                    if (rule.verdict() != Support.Verdict.HONOURED
                            && rule.reason().isEmpty()) {
                        wrong.add(message + "." + row + " has no reason");
                    }
                }));

        assertThat(wrong).isEmpty();
    }

    @Test
    void aFieldWithoutEffectIsAcceptedWithOneWarning() throws ConfigException {
        GatewayConfig config =
                new Bootstraps().with("MANAGER", "add_user_agent: true").read();

        assertThat(config.warnings())
                .filteredOn(line -> line.contains("add_user_agent"))
                .singleElement()
                .asString()
                .contains("accepted without effect")
                .contains("typed_config.add_user_agent");
    }

    @Test
    void aFieldThatIsNotSupportedIsRefusedWithAHint() {
        refused(new Bootstraps().with("ROUTE", "cluster: backend, hedge_policy: { hedge_on_per_try_timeout: true }"))
                .hasMessageContaining("routes[0].route.hedge_policy: not supported by this gateway")
                .hasMessageContaining("calls are not sent twice at once");
    }

    @Test
    void aFieldThatIsNotSupportedDoesNoHarmWhereItSaysWhatHoldsAnyway() throws ConfigException {
        assertThat(new Bootstraps()
                        .with("MANAGER", "proxy_100_continue: false")
                        .read()
                        .listeners())
                .hasSize(1);
    }

    @Test
    void aFilterThatIsNotSupportedIsRefusedByNameWithWhatReplacesIt() {
        refused(new Bootstraps().with("FILTERS", LUA))
                .hasMessageContaining("http_filters[0].typed_config: not supported by this gateway")
                .hasMessageContaining("a preflight is answered by the cors filter");
    }

    @Test
    void aTypeThatEnvoyDoesNotHaveIsUnknown() {
        refused(new Bootstraps().with("FILTERS", LUA.replace("lua.v3.Lua", "lua.v3.Moon")))
                .hasMessageContaining("unknown type: Envoy has no 'envoy.extensions.filters.http.lua.v3.Moon'");
    }

    @Test
    void aFieldThatEnvoyDoesNotHaveIsUnknownWithWhatWasMeant() {
        refused(new Bootstraps().with("MANAGER", "use_remote_adress: true"))
                .hasMessageContaining("unknown field: Envoy has no field 'use_remote_adress' in HttpConnectionManager")
                .hasMessageContaining("did you mean 'use_remote_address'?");
    }

    @Test
    void unknownFieldsAreAWarningWhereThatIsAllowed() throws ConfigException {
        String yaml =
                new Bootstraps().with("MANAGER", "use_remote_adress: true").text();
        GatewayConfig config = EnvoyBootstrap.read(Optional.empty(), Optional.of(yaml), Configs.envoy(true, false));

        assertThat(config.warnings()).anyMatch(line -> line.contains("use_remote_adress"));
    }

    @Test
    void aWrongIndentationIsSaidWithTheLine() {
        String yaml = new Bootstraps().text().replace("  clusters:\n", "   clusters:\n");

        assertThatThrownBy(() -> Bootstraps.read(yaml))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("not valid YAML at line")
                .hasMessageContaining("indentation");
    }

    @Test
    void aFieldAtTheWrongDepthIsSentWhereItBelongs() {
        String text = new Bootstraps().text();
        int at = text.indexOf("  clusters:\n");
        String yaml = text.substring(0, at) + text.substring(at).replaceAll("(?m)^ {2}", "");

        assertThatThrownBy(() -> Bootstraps.read(yaml))
                .hasMessageContaining("clusters: unknown field")
                .hasMessageContaining("it belongs under 'static_resources'");
    }

    @Test
    void aMissingClusterIsSaidWithThoseThatAreThere() {
        refused(new Bootstraps().with("ROUTE", "cluster: bakend"))
                .hasMessageContaining("route.cluster: unknown cluster 'bakend': static_resources.clusters has backend");
    }

    @Test
    void aDurationWithoutAUnitIsSaidWithWhatToWrite() {
        refused(new Bootstraps().with("ROUTE", "cluster: backend, timeout: 30"))
                .hasMessageContaining("'30' is not what is expected here: a duration with its unit, such as 30s");
        refused(new Bootstraps().with("ROUTE", "cluster: backend, timeout: 500ms"))
                .hasMessageContaining("Envoy knows no other unit");
    }

    @Test
    void aMissingCertificateIsSaidWithItsPath() {
        String socket = """
                http2_protocol_options: {}
                transport_socket:
                  name: tls
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
                    common_tls_context:
                      validation_context: { trusted_ca: { filename: /no/such/ca.pem } }
                """;
        refused(new Bootstraps().with("CLUSTER", socket))
                .hasMessageContaining("trusted_ca.filename: the file '/no/such/ca.pem' does not exist");
    }

    @Test
    void allProblemsAreReportedAtOnceInTheOrderOfTheFile() {
        assertThatThrownBy(() -> new Bootstraps()
                        .with(
                                "MANAGER",
                                "codec_type: HTTP9\nupgrade_configs: [ { upgrade_type: websocket, filters: [ { name: a } ] } ]")
                        .with("ROUTE", "cluster: nowhere, timeout: soon")
                        .read())
                .isInstanceOfSatisfying(ConfigException.class, wrong -> assertThat(wrong.problems())
                        .extracting(problem ->
                                problem.path().substring(problem.path().lastIndexOf('.') + 1))
                        .containsExactly("codec_type", "filters", "timeout", "cluster"));
    }

    @Test
    void theTrapsOfEnvoyAreSaidAtStart() throws ConfigException {
        String cors = """
                cors: { allow_origin_string_match: [{ prefix: "*" }], allow_credentials: true }
                """;
        String socket = """
                transport_socket:
                  name: tls
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
                """;
        String filter = """
                - name: envoy.filters.http.cors
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.http.cors.v3.Cors
                """;
        String yaml = "admin: { address: { socket_address: { address: 0.0.0.0, port_value: 9901 } } }\n"
                + new Bootstraps()
                        .with("HOST", cors)
                        .with("CLUSTER", socket)
                        .with("FILTERS", filter)
                        .with("ROUTE", "cluster: backend")
                        .text();

        assertThat(Bootstraps.read(yaml).warnings())
                .anyMatch(line -> line.contains("EVERY origin"))
                .anyMatch(line -> line.contains("NOT VERIFIED"))
                .anyMatch(line -> line.contains("default of 15 s"))
                .anyMatch(line -> line.contains("admin pages are open to everyone"));
        assertThatThrownBy(() -> EnvoyBootstrap.read(Optional.empty(), Optional.of(yaml), Configs.envoy(false, true)))
                .hasMessageContaining("--strict-upstream-tls");
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> refused(Bootstraps bootstrap) {
        return assertThatThrownBy(bootstrap::read).isInstanceOf(ConfigException.class);
    }
}
