package io.grpcweb.gateway.filter.cors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.ConfigProblem;
import io.grpcweb.gateway.config.Configs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OriginCheckTest {
    private static final String TEXT = """
            listeners.main { cors { %s } }
            clusters.a.endpoints = ["localhost:1"]
            """;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "origins = [\"https://app.example\", \"http://localhost:3000\", \"https://[::1]:8443\"]",
                "origins = [\"*\"]",
                "origins = [\"null\", \"capacitor://localhost\"]",
                "origins = [{ prefix = \"https://app.example/\" }], allow-credentials = true",
                "max-age = \"60\"",
            })
    void whatABrowserSendsIsTaken(String cors) throws ConfigException {
        assertThat(Configs.parse(TEXT.formatted(cors), "x").listeners()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "origins = [\"https://app.example/\"]",
                "origins = [\"https://app.example/page\"]",
                "origins = [\"app.example\"]",
                "origins = [\"https://app.example:\"]",
                "origins = [\"https://*.app.example/\"]",
                "origins = []",
                "origins = [\"*\"], allow-credentials = true",
            })
    void whatNoBrowserCouldUseIsRefused(String cors) {
        assertThatThrownBy(() -> Configs.parse(TEXT.formatted(cors), "x"))
                .isInstanceOfSatisfying(ConfigException.class, wrong -> assertThat(wrong.problems())
                        .extracting(ConfigProblem::path)
                        .containsExactly("listeners.main.cors.origins"));
    }

    @Test
    void aRouteIsReportedForWhatItSaysItself() {
        assertThatThrownBy(() -> Configs.parse("""
                        listeners.main {
                          cors.origins = ["*"]
                          routes = [{ prefix = "/", cluster = a, cors.allow-credentials = true }]
                        }
                        clusters.a.endpoints = ["localhost:1"]
                        """, "x"))
                .isInstanceOfSatisfying(ConfigException.class, wrong -> assertThat(wrong.problems())
                        .singleElement()
                        .satisfies(one -> assertThat(one.path()).startsWith("listeners.main.routes[0].cors")));
    }
}
