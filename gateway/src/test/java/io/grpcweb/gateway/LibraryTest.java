package io.grpcweb.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a program needs beside the gateway, which embeds it: the dependencies that are not optional, and what they need. */
class LibraryTest {
    private static final Pattern NEEDED = Pattern.compile(
            "(netty-(?!tcnative-boringssl|transport-native-epoll)|config-\\d|"
                    + "micrometer-|prometheus-metrics-|HdrHistogram-|slf4j-api-|re2j-|jackson-core-|jspecify-|protobuf-java-\\d).*");

    private static final Pattern DEPENDENCY = Pattern.compile("<dependency>(.*?)</dependency>", Pattern.DOTALL);
    private static final Pattern ARTIFACT = Pattern.compile("<artifactId>(.*?)</artifactId>");

    /** A program that serves one call and prints the answer. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) throws Exception {
            try (GatewayServer gateway = GatewayServer.builder()
                    .listen("127.0.0.1:0")
                    .allowOrigins("https://app.example")
                    .cluster("orders", "127.0.0.1:1")
                    .route("/order.OrderService/", "orders")
                    .build()) {
                gateway.start();
                int port = ((InetSocketAddress) gateway.addresses().get(0)).getPort();
                HttpRequest call = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/other.Service/Get"))
                        .header("content-type", "application/grpc-web+proto")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[5]))
                        .build();
                HttpResponse<String> answer = HttpClient.newHttpClient()
                        .send(call, HttpResponse.BodyHandlers.ofString(StandardCharsets.US_ASCII));
                System.out.print(answer.body());
            }
        }
    }

    /** Nor does it need Logback, or any other provider of SLF4J. */
    @Test
    void aProgramServesWithoutTheOptionalDependencies() throws Exception {
        String path = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> Files.isDirectory(Path.of(entry)) || isNeeded(entry))
                .collect(Collectors.joining(File.pathSeparator));

        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        path,
                        Program.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(program.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

        // No route leads there: UNIMPLEMENTED.
        assertThat(printed).contains("grpc-status:12\r\n");
        assertThat(program.waitFor()).isZero();
    }

    @Test
    void whatIsNotOptionalIsWhatSuchAProgramGets() throws Exception {
        String pom = Files.readString(Path.of("pom.xml"));
        List<String> optional = DEPENDENCY
                .matcher(pom.substring(pom.indexOf("<dependencies>"), pom.indexOf("</dependencies>")))
                .results()
                .map(found -> found.group(1))
                .filter(one -> !one.contains("<scope>test"))
                .filter(one -> one.contains("<optional>true"))
                .map(LibraryTest::artifact)
                .toList();

        assertThat(optional)
                .contains("picocli", "logback-classic", "grpc-netty")
                .noneMatch(one -> isNeeded(one + "-1"));
    }

    private static String artifact(String dependency) {
        var found = ARTIFACT.matcher(dependency);
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    private static boolean isNeeded(String entry) {
        return NEEDED.matcher(Path.of(entry).getFileName().toString()).matches();
    }
}
