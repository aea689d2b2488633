package io.grpcweb.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.TlsConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveTlsTest {
    @Test
    void filesThatChangeWhileTheyAreReadForTheFirstTimeAreReadAgain(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("server.pem"), "old");
        AtomicInteger readings = new AtomicInteger();
        try (FileWatch watch = new FileWatch(Duration.ofMillis(20))) {
            LiveTls<String> live = new LiveTls<>(watch, List.of(new TlsConfig.Source.File(file.toString())), () -> {
                String found = Files.readString(file);
                if (readings.getAndIncrement() == 0) {
                    Files.writeString(file, "renewed");
                }
                return found;
            });

            Awaitility.await().atMost(20, TimeUnit.SECONDS).untilAsserted(() -> assertThat(live.context())
                    .isEqualTo("renewed"));
            assertThat(watch.reloads()).isEqualTo(1);
        }
    }
}
