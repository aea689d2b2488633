package io.grpcweb.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ResourceSource;
import io.grpcweb.gateway.config.SecretContent;
import io.grpcweb.gateway.config.TlsConfig;
import io.grpcweb.gateway.config.TlsConfig.SecretRef;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
            TlsConfig.Downstream config = authority(new TlsConfig.Source.File(file.toString()), TlsConfig.Secrets.NONE);
            LiveTls<TlsConfig.Downstream, String> live =
                    new LiveTls<>(watch, config, () -> Optional.of(config), complete -> {
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

    @Test
    void aSecretThatComesLaterIsUsedAndItsFilesAreFollowed(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("ca.pem"), "first");
        SecretRef ref = new SecretRef(
                "clients", new ResourceSource(new ResourceSource.Aggregated(), ResourceSource.FETCH_TIMEOUT));
        TlsConfig.Downstream config =
                authority(new TlsConfig.Source.File("unused"), new TlsConfig.Secrets(List.of(), Optional.of(ref)));
        try (FileWatch watch = new FileWatch(Duration.ofMillis(20))) {
            LiveTls<TlsConfig.Downstream, String> live =
                    new LiveTls<>(watch, config, () -> config.with(watch.secrets()::get), complete -> {
                        String path =
                                ((TlsConfig.Source.File) complete.clientCa().orElseThrow()).path();
                        return Files.readString(Path.of(path));
                    });
            assertThat(live.context()).isNull();

            watch.secrets()
                    .put(
                            ref,
                            new SecretContent.Validation(
                                    Optional.of(new TlsConfig.Source.File(file.toString())), false, false, List.of()));

            assertThat(live.context()).isEqualTo("first");
            Files.writeString(file, "another");
            Awaitility.await().atMost(20, TimeUnit.SECONDS).untilAsserted(() -> assertThat(live.context())
                    .isEqualTo("another"));
            live.close();
            watch.secrets().put(ref, new SecretContent.Other());
            assertThat(live.context()).isEqualTo("another");
        }
    }

    private static TlsConfig.Downstream authority(TlsConfig.Source ca, TlsConfig.Secrets secrets) {
        return new TlsConfig.Downstream(List.of(), List.of(), Optional.of(ca), true, TlsConfig.Params.DEFAULT, secrets);
    }
}
