package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which form of an answer the Accept fields of a request ask for; several fields are one list (RFC 9110 section 5.3). */
class AcceptTest {
    private static final String PATH = "/wire.Service/Call";

    /** The message 08 01 and the trailers frame of {@code grpc-status:0}. */
    private static final byte[] BINARY = Frames.hex("00 00000002 0801 80 0000000f 677270632d7374617475733a300d0a");

    private static final byte[] TEXT = "AAAAAAIIAQ==gAAAAA9ncnBjLXN0YXR1czowDQo=".getBytes(StandardCharsets.US_ASCII);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "application/json                    | application/grpc-web-text        | TEXT",
                "application/grpc-web-text           | application/json                 | TEXT",
                "application/json, application/xml   | */*, application/grpc-web-text   | TEXT",
                "application/grpc-web                | application/grpc-web-text+proto  | TEXT",
                "application/grpc-web-text;q=0       | application/grpc-web-text;q=0.5  | TEXT",
                "application/grpc-web-text;q=0       | application/grpc-web             | BINARY",
                "application/grpc-web;q=1            | application/grpc-web-text;q=0.0  | BINARY",
                "application/json                    | text/html                        | BINARY",
                "application/json                    | none                             | BINARY",
                "none                                | none                             | BINARY"
            })
    void twoFieldsAreOneList(String first, String second, String form) {
        List<String> accepted = Stream.of(first == null ? "" : first, second == null ? "" : second)
                .filter(one -> !one.isEmpty())
                .toList();
        List<String> fields = new ArrayList<>(List.of("content-type", "application/grpc-web+proto"));
        accepted.forEach(one -> fields.addAll(List.of("accept", one)));
        for (ErrorFormat format : ErrorFormat.values()) {
            for (int http = 1; http <= 2; http++) {
                try (ScriptedBackend backend = new ScriptedBackend().on(PATH, AcceptTest::answer);
                        RunningGateway gateway = RunningGateway.of(Setup.of(format, backend.port()));
                        Browser browser = Browser.connect(http, gateway.port())) {
                    Answer answer = browser.post(PATH, Frames.F3, fields.toArray(String[]::new));
                    boolean text = form.equals("TEXT");
                    assertThat(answer.status()).isEqualTo(200);
                    assertThat(answer.header("content-type"))
                            .isEqualTo(text ? "application/grpc-web-text+proto" : "application/grpc-web+proto");
                    assertThat(answer.body()).isEqualTo(text ? TEXT : BINARY);
                    assertThat(backend.next().exchange().head().getAll("accept"))
                            .map(CharSequence::toString)
                            .isEqualTo(accepted);
                }
            }
        }
    }

    private static void answer(BackendCall seen) {
        seen.awaitEnd();
        seen.head().data(Frames.F2).trailers("grpc-status", "0");
    }
}
