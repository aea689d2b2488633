package io.grpcweb.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.FilesRead;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.runtime.Gateway;
import io.grpcweb.gateway.source.FileSource;
import io.grpcweb.gateway.source.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A configuration that is read again: when its files change, and when somebody asks for it. */
class ReloadTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private Gateway gateway;
    private FileSource source;

    @TempDir
    Path folder;

    private static String conf(String body) {
        return """
                listeners.main {
                  listen = "127.0.0.1:0"
                  access-log = []
                  routes = [{ path = "/", respond { status = 200, body = "%s" } }]
                }
                admin { listen = "127.0.0.1:0" }
                """.formatted(body);
    }

    private void start(Path file) throws Exception {
        CommandOptions options = new CommandOptions();
        options.files.path = file;
        ConfigurationSource configuration = new ConfigurationSource(options);
        FilesRead files = new FilesRead();
        GatewayConfig config = configuration.read(files);
        gateway = Gateway.start(config, 1);
        source = new FileSource(configuration, gateway, files.all(), gateway.reloads());
        gateway.reloadFrom(source);
    }

    @AfterEach
    void stop() {
        gateway.stop();
    }

    private String body() throws Exception {
        int port = ((InetSocketAddress) gateway.addresses().get(0)).getPort();
        return send(port, "GET", "/").body();
    }

    private HttpResponse<String> admin(String method, String path) throws Exception {
        return send(gateway.adminAddress().getPort(), method, path);
    }

    private HttpResponse<String> send(int port, String method, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .version(HttpClient.Version.HTTP_1_1)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private void awaitBody(String body) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> body().equals(body));
    }

    private void replace(Path file, String text) throws Exception {
        Path fresh = Files.writeString(folder.resolve("fresh"), text);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void aFileThatIsReplacedByARenameIsFollowed() throws Exception {
        Path file = Files.writeString(folder.resolve("gateway.conf"), conf("one"));
        start(file);
        assertThat(body()).isEqualTo("one");
        source.watch(Duration.ofMillis(20));
        replace(file, conf("two"));
        awaitBody("two");
        assertThat(gateway.reloads().successes()).isEqualTo(1);
    }

    /** As Kubernetes replaces the content of a ConfigMap. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aLinkThatIsTurnedToAnotherFolderIsFollowed() throws Exception {
        Files.writeString(Files.createDirectory(folder.resolve("v1")).resolve("gateway.conf"), conf("one"));
        Files.writeString(Files.createDirectory(folder.resolve("v2")).resolve("gateway.conf"), conf("two"));
        Path data = Files.createSymbolicLink(folder.resolve("..data"), Path.of("v1"));
        Path file = Files.createSymbolicLink(folder.resolve("gateway.conf"), Path.of("..data", "gateway.conf"));
        start(file);
        source.watch(Duration.ofMillis(20));
        Path next = Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of("v2"));
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        awaitBody("two");
    }

    @Test
    void aFileThatIsIncludedIsFollowedAlsoWhereAMistakeKeptItFromBeingInForce() throws Exception {
        Path file = Files.writeString(folder.resolve("gateway.conf"), conf("one"));
        start(file);
        source.watch(Duration.ofMillis(20));
        Path other = Files.writeString(folder.resolve("other.conf"), "nonsense = 1\n" + conf("two"));
        replace(file, "include \"other.conf\"\n");
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> gateway.reloads().failures() == 1);
        assertThat(body()).isEqualTo("one");
        replace(other, conf("two"));
        awaitBody("two");
        replace(other, conf("three"));
        awaitBody("three");
    }

    @Test
    void aMistakeChangesNothingAndIsSaidEverywhere() throws Exception {
        Path file = Files.writeString(folder.resolve("gateway.conf"), conf("one"));
        start(file);
        Files.writeString(file, conf("two") + "nonsense = 1\nrubbish = 2\n");
        Outcome outcome = source.reloadNow();
        String first = file + ":7: nonsense: unknown key";
        assertThat(outcome.isSuccess()).isFalse();
        assertThat(outcome.lines()).containsExactly(first, file + ":8: rubbish: unknown key");
        assertThat(body()).isEqualTo("one");
        HttpResponse<String> asked = admin("POST", "/reload");
        assertThat(asked.statusCode()).isEqualTo(400);
        assertThat(asked.body()).startsWith(first + "\n");
        assertThat(admin("GET", "/config_dump").body())
                .contains("\"details\": \"" + first)
                .contains("one")
                .doesNotContain("two");
        assertThat(admin("GET", "/metrics").body())
                .contains("gateway_config_reloads_total{result=\"failure\"} 2.0")
                .contains("gateway_config_reloads_total{result=\"success\"} 0.0")
                .contains("gateway_config_last_reload_successful 0.0");
        Files.writeString(file, conf("two"));
        assertThat(admin("POST", "/reload").body()).isEqualTo("OK\n");
        assertThat(body()).isEqualTo("two");
        assertThat(admin("GET", "/config_dump").body()).contains("two").doesNotContain("error_state");
        assertThat(admin("GET", "/metrics").body())
                .contains("gateway_config_reloads_total{result=\"success\"} 1.0")
                .contains("gateway_config_last_reload_successful 1.0")
                .contains("gateway_config_last_success_timestamp_seconds ");
    }

    @Test
    void aClusterThatComesAndGoesBringsItsSeriesAndTakesThemAlong() throws Exception {
        String series = "gateway_upstream_attempts_total{cluster=\"backend\"}";
        Path file = Files.writeString(folder.resolve("gateway.conf"), conf("one"));
        start(file);
        Files.writeString(file, conf("one") + "clusters.backend { endpoints = [\"127.0.0.1:1\"] }\n");
        assertThat(admin("POST", "/reload").statusCode()).isEqualTo(200);
        assertThat(admin("GET", "/metrics").body()).contains(series);
        Files.writeString(file, conf("one"));
        assertThat(admin("POST", "/reload").statusCode()).isEqualTo(200);
        assertThat(admin("GET", "/metrics").body()).doesNotContain(series);
    }

    @Test
    void whatTakesARestartIsSaidAndTheRestIsInForce() throws Exception {
        Path file = Files.writeString(folder.resolve("gateway.conf"), conf("one"));
        start(file);
        Files.writeString(file, conf("two").replace("admin { listen = \"127.0.0.1:0\" }", "node { id = other }"));
        assertThat(admin("POST", "/reload").body())
                .isEqualTo("the admin listener changes with a restart only\nthe node changes with a restart only\n");
        assertThat(body()).isEqualTo("two");
        assertThat(admin("GET", "/ready").body()).isEqualTo("LIVE\n");
    }

    @Test
    void theDifferenceIsSaidWithoutBeingMade() throws Exception {
        Path file = Files.writeString(folder.resolve("gateway.conf"), conf("one"));
        start(file);
        Path other = Files.writeString(
                folder.resolve("other.conf"),
                conf("two") + "clusters.backend { endpoints = [\"127.0.0.1:1\"] }\ndrain.limit = 7s\n");
        String expected = """
                ~ listeners.main.chains[0].http.routes.virtual-hosts.default.routes[0].action.body
                + clusters.backend
                ~ drain.shutdown-limit
                """;
        String admin = "127.0.0.1:" + gateway.adminAddress().getPort();
        assertThat(diff("--admin", admin, "-c", other.toString())).isEqualTo(expected);
        assertThat(diff("--against", file.toString(), "-c", other.toString())).isEqualTo(expected);
        assertThat(diff("--against", file.toString(), "-c", file.toString())).isEqualTo("no difference\n");
        assertThat(body()).isEqualTo("one");
        assertThat(gateway.reloads().successes()).isZero();
    }

    private static String diff(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        String[] all = new String[words.length + 1];
        all[0] = "diff";
        System.arraycopy(words, 0, all, 1, words.length);
        Main.run(all, print, print);
        return out.toString(StandardCharsets.UTF_8);
    }
}
