package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.BrowserCall;
import io.grpcweb.gateway.testing.Frames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A message of the configuration in answer to a call, without a backend. */
class CannedReplyTest {
    private static final String PATH = "/wire.Service/Call";

    @TempDir
    private Path folder;

    private Path descriptors;

    @BeforeEach
    void describe() throws Exception {
        descriptors = folder.resolve("item.pb");
        Files.write(descriptors, ItemService.descriptors().toByteArray());
    }

    private String conf(String path, String respond) {
        return """
                listeners.main { listen = "127.0.0.1:0", access-log = [], routes = [
                  { %s, respond { %s } }
                ] }
                clusters.backend.endpoints = ["127.0.0.1:1"]
                """.formatted(path, respond.replace("FILE", "\"" + descriptors + "\""));
    }

    private GatewayConfig read(String path, String respond) throws ConfigException {
        return Configs.parse(conf(path, respond), "test.conf");
    }

    private static String path() {
        return "path = \"" + PATH + "\"";
    }

    @ParameterizedTest
    @CsvSource({"1,application/grpc-web+proto", "2,application/grpc-web+proto", "2,application/grpc"})
    void eachCallGetsTheMessage(int version, String contentType) throws Exception {
        try (RunningGateway gateway = RunningGateway.of(read(path(), "message { id = ab }, descriptors = FILE"));
                Browser browser = Browser.connect(version, gateway.port())) {
            for (int i = 0; i < 2; i++) {
                Answer answer = browser.post(PATH, Frames.F3, "content-type", contentType);

                assertThat(answer.status()).isEqualTo(200);
                assertThat(contentType.contains("web") ? answer.grpcStatus() : answer.trailer("grpc-status"))
                        .isEqualTo("0");
                assertThat(answer.body()).startsWith(Frames.F4);
            }
        }
    }

    /** A page may still send when the answer is known; it gets it behind its end. */
    @Test
    void theAnswerComesBehindTheRequest() throws Exception {
        try (RunningGateway gateway = RunningGateway.of(read(path(), "message { id = ab }, descriptors = FILE"));
                Browser browser = Browser.connect(2, gateway.port())) {
            BrowserCall call = browser.call(PATH, "content-type", "application/grpc-web+proto");
            call.send(Frames.F3);
            call.end();

            assertThat(call.answer().grpcStatus()).isEqualTo("0");
        }
    }

    @Test
    void whatIsNoCallIsRefused() throws Exception {
        try (RunningGateway gateway = RunningGateway.of(read(path(), "message { id = ab }, descriptors = FILE"));
                Browser browser = Browser.connect(1, gateway.port())) {
            assertThat(browser.post(PATH, new byte[] {1}, "content-type", "text/plain")
                            .status())
                    .isEqualTo(415);
        }
    }

    @Test
    void itIsWrittenAsItWasRead() throws Exception {
        GatewayConfig config = read(path(), "message { id = ab }, descriptors = FILE");

        assertThat(Configs.parse(Configs.write(config), "again.conf").listeners())
                .isEqualTo(config.listeners());
    }

    private void assertRefused(String path, String respond, String... words) {
        assertThatThrownBy(() -> read(path, respond)).isInstanceOfSatisfying(ConfigException.class, refusal -> {
            List<String> problems =
                    refusal.problems().stream().map(Object::toString).toList();
            assertThat(problems)
                    .singleElement()
                    .asString()
                    .startsWith("test.conf:2: ")
                    .contains(words);
        });
    }

    @Test
    void whatCannotBeSentIsSaidWithItsLine() {
        assertRefused(path(), "message { idd = ab }, descriptors = FILE", "respond.message", "idd");
        assertRefused(path(), "message { id = ab }", "descriptors = \"api.pb\"");
        assertRefused(path(), "descriptors = FILE", "there is no message");
        assertRefused("prefix = \"/\"", "message { id = ab }, descriptors = FILE", "belongs to one method");
        assertRefused(path(), "message { id = ab }, descriptors = missing.pb", "missing.pb", "cannot be read");
        assertRefused(
                "path = \"/wire.Service/Cal\"",
                "message { id = ab }, descriptors = FILE",
                "has no method /wire.Service/Cal; did you mean '/wire.Service/Call'?");
    }
}
