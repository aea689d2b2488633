package io.grpcweb.gateway.config.hocon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.ConfigProblem;
import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.config.GatewayConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written where a share or another number with a fraction stands. */
final class SharesTest {
    private static final String TEXT = """
            listeners.main {
              cors { origins = ["https://app.example"], enabled = %1$s
                shadow = %1$s }
              filters = [
                { type = rate-limit, enabled = %1$s
                  enforced = %1$s }
              ]
              access-log = [{ when.share = %1$s }]
              routes = [
                { prefix = "/a", share = %1$s }
                { prefix = "/", mirrors = [{ cluster = backend
                    share = %1$s }] }
              ]
            }
            clusters.backend.endpoints = ["127.0.0.1:1"]
            """;
    private static final String[] SHARES = {
        "x.conf:2: listeners.main.cors.enabled",
        "x.conf:3: listeners.main.cors.shadow",
        "x.conf:5: listeners.main.filters[0].enabled",
        "x.conf:6: listeners.main.filters[0].enforced",
        "x.conf:8: listeners.main.access-log[0].when.share",
        "x.conf:10: listeners.main.routes[0].share",
        "x.conf:12: listeners.main.routes[1].mirrors[0].share"
    };

    private static void assertRefused(String text, String problem, String... places) {
        assertThatThrownBy(() -> Configs.parse(text, "x.conf"))
                .isInstanceOfSatisfying(ConfigException.class, wrong -> assertThat(wrong.problems())
                        .map(ConfigProblem::toString)
                        .containsExactlyInAnyOrder(java.util.Arrays.stream(places)
                                .map(place -> place + ": " + problem)
                                .toArray(String[]::new)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "-NaN", "Infinity", "-Infinity", "1e999", "-1e999", "half"})
    void whatIsNoFiniteNumberIsNoShare(String given) {
        String written = given.contains("1e999") ? given.replace("1e999", "Infinity") : given;
        assertRefused(TEXT.formatted(given), "'" + written + "' is not what is expected here: a number", SHARES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-0.1", "1.1", "100.0"})
    void aShareIsFromZeroToOne(String given) {
        assertRefused(TEXT.formatted(given), "a share from 0 to 1 is expected, not " + given, SHARES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "0.25", "1e-3"})
    void theRestIsTaken(String given) throws ConfigException {
        GatewayConfig config = Configs.parse(TEXT.formatted(given), "x.conf");
        assertThat(FirstListener.virtualHost(config).routes().get(0).match().fraction())
                .isEqualTo(Double.parseDouble(given));
    }

    @Test
    void otherNumbersAreFiniteToo() {
        assertRefused(
                """
                listeners.main {}
                clusters.backend { endpoints = ["127.0.0.1:1"]
                  balancer.panic-threshold = NaN
                  breakers.normal.retry-budget.percent = NaN }
                """,
                "'NaN' is not what is expected here: a number",
                "x.conf:3: clusters.backend.balancer.panic-threshold",
                "x.conf:4: clusters.backend.breakers.normal.retry-budget.percent");
    }
}
