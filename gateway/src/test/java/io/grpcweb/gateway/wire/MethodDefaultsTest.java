package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import io.grpcweb.gateway.testing.ShopReflection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds for methods by their kind, where the schema is known. */
class MethodDefaultsTest {
    private static final String UNARY = "/wire.Service/Call";
    private static final String SAFE = "/wire.Service/Read";
    private static final String STREAM = "/wire.Service/Watch";

    @TempDir
    Path folder;

    private final ScriptedBackend backend = new ScriptedBackend();
    private RunningGateway gateway;

    @AfterEach
    void stop() {
        if (gateway != null) {
            gateway.close();
        }
        backend.close();
    }

    private void described(String settings) throws IOException {
        Path set = Files.write(
                folder.resolve("api.binpb"), ItemService.descriptors().toByteArray());
        start("descriptors = \"" + set + "\", " + settings);
    }

    private String config(String settings) {
        return """
                listeners.main { listen = "127.0.0.1:0", access-log = [],
                  filters = [grpc-web, { type = method-defaults, %s }, router] }
                clusters.backend.endpoints = ["127.0.0.1:%d"]
                """.formatted(settings, backend.port());
    }

    private void start(String settings) {
        gateway = RunningGateway.of(Setup.parse(config(settings)));
    }

    private Answer call(String path, String... fields) {
        try (Browser browser = Browser.connect(2, gateway.port())) {
            List<String> all = new ArrayList<>(List.of("content-type", "application/grpc-web+proto"));
            all.addAll(List.of(fields));
            return browser.post(path, Frames.F3, all.toArray(String[]::new));
        }
    }

    @Test
    void aUnaryCallHasADeadlineThatItsBackendKnows() throws IOException {
        backend.on(UNARY, BackendCall::awaitReset);
        described("unary-timeout = 2s");
        assertThat(call(UNARY).text()).contains("grpc-status:4");
        assertThat(backend.next().header("grpc-timeout")).isEqualTo("2000m");
    }

    @Test
    void aDeadlineOfTheCallerIsKept() throws IOException {
        backend.on(UNARY, BackendCall::awaitReset);
        described("unary-timeout = 1h");
        assertThat(call(UNARY, "grpc-timeout", "2000m").text()).contains("grpc-status:4");
        assertThat(backend.next().header("grpc-timeout")).isEqualTo("2000m");
    }

    @Test
    void aStreamMayBeLongAndNotSilent() throws IOException {
        backend.on(STREAM, seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.F2).awaitReset();
        });
        described("unary-timeout = 1ms, stream-idle = 2s");
        Answer answer = call(STREAM);
        assertThat(answer.text()).contains("grpc-status:4\r\n", "stream timeout");
        assertThat(backend.next().header("grpc-timeout")).isNull();
    }

    /** The status of the first two attempts is 14. */
    private AtomicInteger failingTwice(String path) {
        AtomicInteger calls = new AtomicInteger();
        backend.on(path, seen -> {
            seen.awaitEnd();
            if (calls.incrementAndGet() < 3) {
                seen.trailersOnly("grpc-status", "14");
            } else {
                seen.head().data(Frames.F2).trailers("grpc-status", "0");
            }
        });
        return calls;
    }

    @Test
    void onlyWhatMayHappenTwiceIsTriedAgain() throws IOException {
        AtomicInteger safe = failingTwice(SAFE);
        AtomicInteger other = failingTwice(UNARY);
        described("retry = true");
        assertThat(call(SAFE).body()).isEqualTo(Frames.concat(Frames.F2, Frames.T0));
        assertThat(safe).hasValue(3);
        assertThat(call(UNARY).text()).contains("grpc-status:14");
        assertThat(other).hasValue(1);
    }

    @Test
    void nothingIsTriedAgainUnasked() throws IOException {
        AtomicInteger safe = failingTwice(SAFE);
        described("stream-idle = 1h");
        assertThat(call(SAFE).text()).contains("grpc-status:14");
        assertThat(safe).hasValue(1);
    }

    @Test
    void aBackendTellsItsMethods() {
        ShopReflection reflection = new ShopReflection();
        backend.on(ShopReflection.V1, reflection).on("/shop.Shop/Echo", seen -> {
            seen.awaitEnd();
            seen.head("x-timeout", String.valueOf(seen.header("grpc-timeout")))
                    .data(Frames.F2)
                    .trailers("grpc-status", "0");
        });
        start("unary-timeout = 1m");
        await().until(() -> "1M".equals(call("/shop.Shop/Echo").header("x-timeout"))
                || "60S".equals(call("/shop.Shop/Echo").header("x-timeout"))
                || "60000m".equals(call("/shop.Shop/Echo").header("x-timeout")));
        int questions = reflection.questions();
        call("/shop.Shop/Echo");
        assertThat(reflection.questions()).isEqualTo(questions);
    }

    @Test
    void aFileThatIsNoneIsReported() {
        String broken = config("descriptors = \"" + folder.resolve("none.binpb") + "\"");
        assertThatThrownBy(() -> Configs.parse(broken, "test.conf"))
                .hasMessageContaining("test.conf:2")
                .hasMessageContaining("none.binpb");
    }
}
