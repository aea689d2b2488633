package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Setup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A route that answers with the files of a folder. */
class FilesTest {
    private static final String PAGE = "<!doctype html><title>Orders</title>";

    @TempDir
    private Path place;

    private RunningGateway gateway;
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void start() throws Exception {
        Path dist = Files.createDirectories(place.resolve("dist/assets"));
        Files.writeString(place.resolve("secret.txt"), "secret");
        Files.writeString(place.resolve("dist/index.html"), PAGE);
        Files.writeString(place.resolve("dist/.env"), "secret");
        Files.writeString(dist.resolve("index-B7x2k9Qz.js"), "let a = 1;");
        Files.writeString(dist.resolve("index-B7x2k9Qz.js.gz"), "zipped");
        Files.writeString(dist.resolve("plain.css"), "a {}");
        Files.setLastModifiedTime(dist.resolve("plain.css"), FileTime.from(Instant.parse("2026-11-01T10:20:30Z")));
        Files.createSymbolicLink(dist.resolve("link.txt"), place.resolve("secret.txt"));
        Files.createDirectories(place.resolve("dist/docs"));
        Files.writeString(place.resolve("dist/docs/index.html"), "docs");
        gateway = RunningGateway.of(Setup.parse("""
                listeners.main {
                  listen = "127.0.0.1:0", access-log = []
                  routes = [
                    { prefix = "/shop.Orders/", respond.status = 204 }
                    { prefix = "/app/", files = "%1$s" }
                    { prefix = "/", files { folder = "%1$s", fallback = "" } }
                  ]
                }
                """.formatted(place.resolve("dist"))), 1);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private HttpRequest.Builder request(String path, String... fields) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path));
        return fields.length == 0 ? request : request.headers(fields);
    }

    private HttpResponse<String> get(String path, String... fields) throws Exception {
        return client.send(request(path, fields).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String field(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse(null);
    }

    @Test
    void theFolderHasAPage() throws Exception {
        HttpResponse<String> answer = get("/");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(PAGE);
        assertThat(field(answer, "content-type")).isEqualTo("text/html; charset=utf-8");
        assertThat(field(answer, "cache-control")).isEqualTo("no-cache");
        assertThat(field(answer, "x-content-type-options")).isEqualTo("nosniff");
    }

    @Test
    void aFileThatTheBrowserHasIsNotSentAgain() throws Exception {
        HttpResponse<String> first = get("/assets/plain.css");
        assertThat(field(first, "last-modified")).isEqualTo("Sun, 01 Nov 2026 10:20:30 GMT");

        HttpResponse<String> second = get("/assets/plain.css", "if-none-match", "\"other\", W/" + field(first, "etag"));
        assertThat(second.statusCode()).isEqualTo(304);
        assertThat(second.body()).isEmpty();
        assertThat(get("/assets/plain.css", "if-modified-since", "Sun, 01 Nov 2026 10:20:30 GMT")
                        .statusCode())
                .isEqualTo(304);
        assertThat(get("/assets/plain.css", "if-none-match", "\"other\"").statusCode())
                .isEqualTo(200);
    }

    @Test
    void aNameThatSaysWhatIsInItIsKeptForGood() throws Exception {
        assertThat(field(get("/assets/index-B7x2k9Qz.js"), "cache-control"))
                .isEqualTo("public, max-age=31536000, immutable");
        assertThat(field(get("/assets/plain.css"), "cache-control")).isEqualTo("no-cache");
    }

    @Test
    void aCompressedFileBesideItIsSentToWhoTakesIt() throws Exception {
        HttpResponse<String> zipped = get("/assets/index-B7x2k9Qz.js", "accept-encoding", "br, gzip;q=0.5");
        assertThat(zipped.body()).isEqualTo("zipped");
        assertThat(field(zipped, "content-encoding")).isEqualTo("gzip");
        assertThat(field(zipped, "content-type")).isEqualTo("text/javascript; charset=utf-8");
        assertThat(field(zipped, "vary")).isEqualTo("accept-encoding");

        HttpResponse<String> plain = get("/assets/index-B7x2k9Qz.js", "accept-encoding", "gzip;q=0");
        assertThat(plain.body()).isEqualTo("let a = 1;");
        assertThat(field(plain, "etag")).isNotEqualTo(field(zipped, "etag"));
    }

    @Test
    void aPartOfAFile() throws Exception {
        HttpResponse<String> part = get("/assets/plain.css", "range", "bytes=1-2");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(" {");
        assertThat(field(part, "content-range")).isEqualTo("bytes 1-2/4");
        assertThat(get("/assets/plain.css", "range", "bytes=-1").body()).isEqualTo("}");
        assertThat(get("/assets/plain.css", "range", "bytes=2-").body()).isEqualTo("{}");
        assertThat(get("/assets/plain.css", "range", "bytes=0-0,2-2").statusCode())
                .isEqualTo(200);
        assertThat(get("/assets/plain.css", "range", "bytes=0-1", "if-range", "\"other\"")
                        .body())
                .isEqualTo("a {}");

        HttpResponse<String> beyond = get("/assets/plain.css", "range", "bytes=4-");
        assertThat(beyond.statusCode()).isEqualTo(416);
        assertThat(field(beyond, "content-range")).isEqualTo("bytes */4");
    }

    @Test
    void theHeadAlone() throws Exception {
        HttpResponse<String> head = client.send(
                request("/assets/plain.css")
                        .method("HEAD", HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(field(head, "content-length")).isEqualTo("4");
    }

    @Test
    void addressesOfTheApplicationGetItsPage() throws Exception {
        HttpResponse<String> answer = get("/app/orders/17", "accept", "text/html,*/*");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(PAGE);
        // What is missing for a script, and what has an end, is missing.
        assertThat(get("/app/orders/17", "accept", "*/*").statusCode()).isEqualTo(404);
        assertThat(get("/app/gone.js", "accept", "text/html").statusCode()).isEqualTo(404);
        assertThat(get("/orders/17", "accept", "text/html").statusCode()).isEqualTo(404);
    }

    @Test
    void aFolderWithAPageGetsItsSlash() throws Exception {
        HttpResponse<String> answer = get("/docs?a=1");
        assertThat(answer.statusCode()).isEqualTo(301);
        assertThat(field(answer, "location")).isEqualTo("/docs/?a=1");
        assertThat(get("/docs/").body()).isEqualTo("docs");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../secret.txt",
                "/%2e%2e/secret.txt",
                "/..%2fsecret.txt",
                "/assets/..%2f..%2fsecret.txt",
                "/..%5csecret.txt",
                "/assets/link.txt",
                "/.env",
                "/%2eenv",
                "/assets%00.css",
                "/%zz",
                "//etc/passwd",
                "/assets"
            })
    void nothingElseIsServed(String path) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answer).matches("(?s)HTTP/1.1 40[04] .*").doesNotContain("secret\n", "root:");
        }
    }

    @Test
    void filesAreReadAlone() throws Exception {
        HttpResponse<String> answer = client.send(
                request("/assets/plain.css")
                        .POST(HttpRequest.BodyPublishers.ofString("a"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(field(answer, "allow")).isEqualTo("GET, HEAD");
        assertThat(get("/shop.Orders/Get").statusCode()).isEqualTo(204);
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void aLargeFileComesWhole(HttpClient.Version version) throws Exception {
        byte[] large = new byte[5_000_000];
        new Random(7).nextBytes(large);
        Files.write(place.resolve("dist/large.bin"), large);
        HttpClient one = HttpClient.newBuilder().version(version).build();
        HttpResponse<byte[]> answer = one.send(request("/large.bin").build(), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.body()).isEqualTo(large);
        assertThat(field(answer, "content-type")).isEqualTo("application/octet-stream");
    }

    @Test
    void aFolderThatIsMissingIsAMistake() {
        assertThatThrownBy(() -> Configs.parse("""
                        listeners.main.routes = [{ prefix = "/", files = "/nowhere" }]
                        """, "gateway.conf"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("gateway.conf:1")
                .hasMessageContaining("there is no folder '/nowhere'");
    }
}
