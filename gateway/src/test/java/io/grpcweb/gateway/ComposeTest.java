package io.grpcweb.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.config.GatewayConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** {@code config/compose}: what it mounts is there, its gateway's configuration is valid, and names of services are those of others. */
class ComposeTest {
    private static final Path FOLDER = Path.of("../config/compose");

    /** Made by the build, as the file says at its top. */
    private static final List<String> BUILT = List.of("/target/", "/dist");

    @TempDir
    Path page;

    @SuppressWarnings("unchecked")
    private static Map<String, Object> yaml(String file) throws Exception {
        return (Map<String, Object>)
                new Load(LoadSettings.builder().build()).loadFromString(Files.readString(FOLDER.resolve(file)));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Map<String, Object>> services() throws Exception {
        return (Map<String, Map<String, Object>>) yaml("compose.yaml").get("services");
    }

    @Test
    @SuppressWarnings("unchecked")
    void whatIsMountedIsThere() throws Exception {
        List<String> mounted = new ArrayList<>();
        services().values().forEach(service -> ((List<String>) service.getOrDefault("volumes", List.of()))
                .forEach(volume -> mounted.add(volume.substring(0, volume.indexOf(':')))));

        assertThat(mounted)
                .hasSizeGreaterThan(6)
                .filteredOn(path -> BUILT.stream().noneMatch(path::contains))
                .allSatisfy(path -> assertThat(FOLDER.resolve(path)).isRegularFile());
    }

    @Test
    @SuppressWarnings("unchecked")
    void whatIsBuiltHasItsFile() throws Exception {
        Map<String, String> build =
                (Map<String, String>) services().get("gateway").get("build");

        assertThat(FOLDER.resolve(build.get("context")).resolve(build.get("dockerfile")))
                .isRegularFile();
    }

    @Test
    void theConfigurationOfTheGatewayIsValidAndNamesTheBackends() throws Exception {
        String text = Files.readString(FOLDER.resolve("gateway.conf")).replace("/srv/page", page.toString());

        GatewayConfig config = Configs.parse(text, "gateway.conf");

        // The port of the admin pages is not published.
        assertThat(config.warnings()).singleElement(STRING).contains("admin.listen");
        assertThat(services()).containsKey("backends");
        assertThat(text).contains("\"backends:9090\", \"backends:9091\", \"backends:9092\"");
        assertThat(services().get("backends").get("command").toString()).contains("--instances, 3");
    }

    @Test
    void prometheusScrapesTheGatewayAndGrafanaAsksPrometheus() throws Exception {
        assertThat(yaml("prometheus.yml").toString()).contains("gateway:9901", "/metrics", "/stats/prometheus");
        assertThat(yaml("grafana/datasources.yml").toString()).contains("http://prometheus:9090");
        assertThat(yaml("grafana/dashboards.yml").toString()).contains("/var/lib/grafana/dashboards");
        assertThat(services()).containsKeys("gateway", "prometheus", "grafana");
    }
}
