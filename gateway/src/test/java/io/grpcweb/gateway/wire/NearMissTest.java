package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.LogWatch;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import io.grpcweb.gateway.testing.Shop;
import io.grpcweb.gateway.testing.ShopReflection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A call of a method that the backend does not have. */
class NearMissTest {
    private final ShopReflection reflection = new ShopReflection();
    private final ScriptedBackend backend = new ScriptedBackend().on(ShopReflection.V1, reflection);

    @AfterEach
    void stop() {
        backend.close();
    }

    private void answers(String path, String... trailers) {
        backend.on(path, seen -> {
            seen.awaitEnd();
            seen.trailersOnly(trailers);
        });
    }

    private RunningGateway gateway(String route) {
        return RunningGateway.of(Setup.own(route, "", "127.0.0.1:" + backend.port()));
    }

    private static String message(RunningGateway gateway, String path) {
        try (Browser browser = Browser.connect(2, gateway.port())) {
            Answer answer = browser.post(path, Frames.F3, "content-type", "application/grpc-web+proto");
            assertThat(answer.text()).contains("grpc-status:12\r\n");
            String text = answer.text();
            int at = text.indexOf("grpc-message:");
            return at < 0 ? "" : text.substring(at + "grpc-message:".length()).strip();
        }
    }

    @Test
    void aSimilarMethodIsNamedAndTheBackendIsAskedOnce() {
        answers("/shop.Shop/GetItm", "grpc-status", "12", "grpc-message", "Method not found: shop.Shop/GetItm");
        answers("/shop.Sop/GetItem", "grpc-status", "12");
        try (LogWatch log = new LogWatch();
                RunningGateway gateway = gateway("")) {
            assertThat(message(gateway, "/shop.Shop/GetItm"))
                    .isEqualTo("no method shop.Shop/GetItm; did you mean GetItem?");
            int questions = reflection.questions();
            assertThat(message(gateway, "/shop.Shop/GetItm"))
                    .isEqualTo("no method shop.Shop/GetItm; did you mean GetItem?");
            assertThat(message(gateway, "/shop.Sop/GetItem")).isEqualTo("no service shop.Sop; did you mean shop.Shop?");
            assertThat(reflection.questions()).isEqualTo(questions);
            assertThat(log.warnings())
                    .filteredOn(line -> line.contains("GetItm"))
                    .singleElement()
                    .asString()
                    .startsWith("cluster backend: no method shop.Shop/GetItm; did you mean GetItem?");
        }
    }

    @Test
    void whatTheBackendItselfSaysStays() {
        answers("/shop.Shop/GetItm", "grpc-status", "12", "grpc-message", "not for this tenant");
        answers("/shop.Shop/GetItem", "grpc-status", "12");
        try (RunningGateway gateway = gateway("")) {
            assertThat(message(gateway, "/shop.Shop/GetItm")).isEqualTo("not for this tenant");
            assertThat(reflection.questions()).isZero();
            // It is there, and does not do what was asked.
            assertThat(message(gateway, "/shop.Shop/GetItem")).isEmpty();
        }
    }

    @Test
    void whatTheRouteDoesNotLeadToIsNotTold() {
        answers("/shop.Shop/GetItm", "grpc-status", "12");
        try (LogWatch log = new LogWatch();
                RunningGateway gateway = gateway("path = \"/shop.Shop/GetItm\"")) {
            assertThat(message(gateway, "/shop.Shop/GetItm")).isEmpty();
            assertThat(log.warnings()).anyMatch(line -> line.contains("did you mean GetItem?"));
        }
    }

    @Test
    void aBackendWithoutReflectionIsNotAskedAgain() {
        answers("/shop.Shop/GetItm", "grpc-status", "12");
        backend.on(ShopReflection.V1, seen -> seen.trailersOnly("grpc-status", "12", "grpc-message", "no reflection"));
        try (LogWatch log = new LogWatch();
                RunningGateway gateway = gateway("")) {
            assertThat(message(gateway, "/shop.Shop/GetItm")).isEmpty();
            assertThat(message(gateway, "/shop.Shop/GetItm")).isEmpty();
            assertThat(log.warnings())
                    .filteredOn(line -> line.contains("by reflection"))
                    .hasSize(1);
        }
    }

    @Test
    void theResponseWaitsForASecondAtMost() {
        answers("/shop.Shop/GetItm", "grpc-status", "12");
        backend.on(ShopReflection.V1, seen -> seen.awaitReset());
        try (RunningGateway gateway = gateway("")) {
            assertThat(message(gateway, "/shop.Shop/GetItm")).isEmpty();
        }
    }

    @Test
    void descriptorsOfTheConfigurationStandInForReflection(@TempDir Path folder) throws IOException {
        answers("/shop.Shop/GetItm", "grpc-status", "12");
        answers("/other.Other/Call", "grpc-status", "12");
        answers(ShopReflection.V1, "grpc-status", "12");
        Path descriptors = Files.write(folder.resolve("shop.pb"), Shop.descriptors());
        try (RunningGateway gateway = RunningGateway.of(Setup.parse("""
                listeners.main { listen = "127.0.0.1:0", access-log = [],
                  filters = [grpc-web, { type = connect, descriptors = ["%s"] }, router] }
                clusters.backend.endpoints = ["127.0.0.1:%d"]
                """.formatted(descriptors, backend.port())))) {
            for (int i = 0; i < 2; i++) {
                assertThat(message(gateway, "/shop.Shop/GetItm"))
                        .isEqualTo("no method shop.Shop/GetItm; did you mean GetItem?");
            }
            assertThat(message(gateway, "/other.Other/Call")).isEmpty();
        }
    }

    @Test
    void itCanBeTurnedOff() {
        answers("/shop.Shop/GetItm", "grpc-status", "12");
        try (RunningGateway gateway = RunningGateway.of(Setup.parse("""
                listeners.main { listen = "127.0.0.1:0", access-log = [],
                  filters = [grpc-web, { type = router, near-misses = false }] }
                clusters.backend.endpoints = ["127.0.0.1:%d"]
                """.formatted(backend.port())))) {
            assertThat(message(gateway, "/shop.Shop/GetItm")).isEmpty();
            assertThat(reflection.questions()).isZero();
        }
    }
}
