package io.grpcweb.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PageServerTest {
    @TempDir
    private Path parent;

    private PageServer server;

    @BeforeEach
    void start() throws IOException {
        Files.createDirectories(parent.resolve("dist/assets"));
        Files.writeString(parent.resolve("dist/assets/page.js"), "1;");
        Files.writeString(parent.resolve("secret.txt"), "secret");
        server = new PageServer(parent.resolve("dist"), 0, new TokenIssuer(Duration.ofMinutes(5), Clock.systemUTC()));
        server.start("http://127.0.0.1:1");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aFileComesWithItsContentType() throws Exception {
        HttpResponse<String> script = get("/assets/page.js");
        assertThat(script.statusCode()).isEqualTo(200);
        assertThat(script.headers().firstValue("content-type")).hasValue("text/javascript; charset=utf-8");
        assertThat(script.body()).isEqualTo("1;");
    }

    @Test
    void theConfigNamesTheGateway() throws Exception {
        assertThat(get("/config.json").body()).isEqualToIgnoringNewLines("{\"gateway\": \"http://127.0.0.1:1\"}");
    }

    @Test
    void itSignsPeopleInAndShowsTheKeys() throws Exception {
        assertThat(get("/token/ada").body()).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+");
        assertThat(get("/token/a%22b").statusCode()).isEqualTo(404);
        assertThat(get("/keys.json").body()).contains("\"kty\": \"RSA\"");
    }

    @Test
    void withoutABuiltPageItSaysSo() throws Exception {
        assertThat(get("/").body()).contains("The page is not built");
    }

    @Test
    void nothingOutsideTheFolderIsServed() throws Exception {
        assertThat(get("/%2e%2e/secret.txt").statusCode()).isEqualTo(404);
        assertThat(get("/assets/%2e%2e/%2e%2e/secret.txt").statusCode()).isEqualTo(404);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
