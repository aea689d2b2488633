package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Subject;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of endpoints that answer badly: which are ejected, why, and for how long. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record OutlierFieldsTest(Subject subject) {
    private static final String CLUSTER = """
            - name: several
              connect_timeout: 5s
              common_lb_config: { healthy_panic_threshold: { value: 0 } }
              outlier_detection: { %s }
              load_assignment:
                cluster_name: several
                endpoints:
                - lb_endpoints: [ %s ]
            """;
    private static final String ENDPOINT =
            "{ endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: %d } } } }, ";

    private Subject.Running start(String fields, int... ports) {
        StringBuilder endpoints = new StringBuilder();
        for (int port : ports) {
            endpoints.append(ENDPOINT.formatted(port));
        }
        return subject.start(new EnvoyFile(1)
                .with("CLUSTERS", CLUSTER.formatted(fields, endpoints))
                .with("ROUTES", "- match: { prefix: / }\n  route: { cluster: several }"));
    }

    private static Http1Backend answering(int status) {
        return new Http1Backend(request -> "HTTP/1.1 " + status + " A\r\ncontent-length: 0\r\n\r\n");
    }

    private static long stat(Subject.Running gateway, String name) {
        String line = "cluster.several.outlier_detection." + name + ": ";
        String page = gateway.page("/stats?filter=outlier_detection");
        assertThat(page).contains(line);
        int at = page.indexOf(line) + line.length();
        return Long.parseLong(page.substring(at, page.indexOf('\n', at)));
    }

    /** The ejections of this kind after so many requests to a backend that is well and one that is not. */
    private long ejections(int status, int requests, String kind, String fields) {
        try (Http1Backend good = answering(200);
                Http1Backend bad = answering(status);
                Subject.Running gateway = start(fields, good.port(), bad.port())) {
            for (int i = 0; i < requests; i++) {
                Http1Browser.once(gateway.port(), "GET", "/");
            }
            return stat(gateway, "ejections_" + kind);
        }
    }

    @Test
    void soManyServerErrorsInARowEjectAnEndpoint() {
        String all = "max_ejection_percent: 100, consecutive_5xx: 2, ";
        assertThat(ejections(500, 8, "enforced_consecutive_5xx", all + "enforcing_consecutive_5xx: 100"))
                .isEqualTo(1);
        assertThat(ejections(500, 2, "enforced_consecutive_5xx", all + "enforcing_consecutive_5xx: 100"))
                .isZero();
        String off = all + "enforcing_consecutive_5xx: 0";
        assertThat(ejections(500, 8, "enforced_consecutive_5xx", off)).isZero();
        assertThat(ejections(500, 8, "detected_consecutive_5xx", off)).isPositive();
    }

    @Test
    void soManyGatewayErrorsInARowEjectAnEndpoint() {
        String all = "max_ejection_percent: 100, enforcing_consecutive_5xx: 0, consecutive_gateway_failure: 2, ";
        String on = all + "enforcing_consecutive_gateway_failure: 100";
        assertThat(ejections(503, 8, "enforced_consecutive_gateway_failure", on))
                .isEqualTo(1);
        assertThat(ejections(500, 8, "enforced_consecutive_gateway_failure", on))
                .isZero();
        assertThat(ejections(
                        503,
                        8,
                        "enforced_consecutive_gateway_failure",
                        all + "enforcing_consecutive_gateway_failure: 0"))
                .isZero();
    }

    @Test
    void errorsOfTheConnectionAreCountedApartWhereTheFileSaysSo() {
        String fields = "max_ejection_percent: 100, split_external_local_origin_errors: %s,"
                + " consecutive_local_origin_failure: 2, enforcing_consecutive_local_origin_failure: %d, consecutive_5xx: 2";
        for (boolean split : new boolean[] {true, false}) {
            for (int enforcing : new int[] {100, 0}) {
                try (Http1Backend good = answering(200);
                        Subject.Running gateway = start(fields.formatted(split, enforcing), good.port(), 1)) {
                    for (int i = 0; i < 8; i++) {
                        Http1Browser.once(gateway.port(), "GET", "/");
                    }
                    assertThat(stat(gateway, "ejections_enforced_consecutive_local_origin_failure"))
                            .isEqualTo(split && enforcing == 100 ? 1 : 0);
                    assertThat(stat(gateway, "ejections_enforced_consecutive_5xx"))
                            .isEqualTo(split ? 0 : 1);
                }
            }
        }
    }

    /** What becomes of the one of three backends that is not well, for its rate: looked at after each of many requests. */
    private void thirdBackend(String kind, String fields, Consumer<BooleanSupplier> expectation) {
        try (Http1Backend one = answering(200);
                Http1Backend two = answering(200);
                Http1Backend bad = answering(500);
                Subject.Running gateway = start(
                        "interval: 0.1s, max_ejection_percent: 100, enforcing_consecutive_5xx: 0, " + fields,
                        one.port(),
                        two.port(),
                        bad.port());
                Http1Browser browser = new Http1Browser(gateway.port())) {
            expectation.accept(() -> {
                for (int i = 0; i < 60; i++) {
                    browser.ask("GET", "/");
                }
                return stat(gateway, "ejections_enforced_" + kind) > 0;
            });
        }
    }

    private void assertEjected(String kind, String fields) {
        thirdBackend(kind, fields, ejected -> await().until(ejected::getAsBoolean));
    }

    /** Through several of the intervals after which rates are looked at. */
    private void assertStays(String kind, String fields) {
        thirdBackend(kind, fields, ejected -> await().during(Duration.ofMillis(500))
                .untilAsserted(
                        () -> assertThat(ejected.getAsBoolean()).as(fields).isFalse()));
    }

    @Test
    void anEndpointThatFailsMoreThanOthersIsEjected() {
        String rates = "success_rate_minimum_hosts: 3, success_rate_request_volume: 2, success_rate_stdev_factor: 500";
        assertEjected("success_rate", rates);
        for (String other : List.of(
                rates.replace("hosts: 3", "hosts: 4"),
                rates.replace("volume: 2", "volume: 100000"),
                rates.replace("factor: 500", "factor: 5000"),
                rates + ", enforcing_success_rate: 0")) {
            assertStays("success_rate", other);
        }
    }

    @Test
    void anEndpointThatFailsTooOftenIsEjected() {
        String share =
                "enforcing_success_rate: 0, failure_percentage_threshold: 50, failure_percentage_minimum_hosts: 3,"
                        + " failure_percentage_request_volume: 2, enforcing_failure_percentage: 100";
        assertEjected("failure_percentage", share);
        for (String other : List.of(
                share.replace("hosts: 3", "hosts: 4"),
                share.replace("volume: 2", "volume: 100000"),
                share.replace("enforcing_failure_percentage: 100", "enforcing_failure_percentage: 0"))) {
            assertStays("failure_percentage", other);
        }
    }

    @Test
    void onlySoManyEndpointsAreEjected() {
        for (boolean one : new boolean[] {true, false}) {
            assertThat(ejections(
                            500,
                            8,
                            "enforced_consecutive_5xx",
                            "consecutive_5xx: 2, max_ejection_percent: 0, always_eject_one_host: " + one))
                    .isEqualTo(one ? 1 : 0);
        }
    }

    @Test
    void anEjectedEndpointComesBackWhenItsTimeIsOver() {
        String fields = "consecutive_5xx: 1, max_ejection_percent: 100, interval: 0.05s, ";
        for (String time : List.of("base_ejection_time: 0.2s", "base_ejection_time: 0.2s, max_ejection_time: 0.3s")) {
            try (Http1Backend bad = answering(500);
                    Subject.Running gateway = start(fields + time, bad.port())) {
                for (int i = 1; i <= 3; i++) {
                    await().until(() ->
                            Http1Browser.once(gateway.port(), "GET", "/").status() == 500);
                    await().until(() ->
                            Http1Browser.once(gateway.port(), "GET", "/").status() == 503);
                }
            }
        }
    }
}
