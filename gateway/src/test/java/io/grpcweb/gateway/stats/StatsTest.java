package io.grpcweb.gateway.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.stats.Stat.Kind;
import io.grpcweb.gateway.stats.Stat.Label;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatsTest {
    private final Stats stats = new Stats();

    @Test
    void aCounterOfAClusterHasEnvoysNameFamilyAndLabel() {
        stats.cluster("echo").upstreamRqTotal.increment();

        Stat stat = stats.byName().get("cluster.echo.upstream_rq_total");

        assertThat(stat.family()).isEqualTo("envoy_cluster_upstream_rq_total");
        assertThat(stat.labels()).containsExactly(new Label("envoy_cluster_name", "echo"));
        assertThat(stat.kind()).isEqualTo(Kind.COUNTER);
        assertThat(stat.value().getAsLong()).isEqualTo(1);
    }

    @Test
    void classesOfAnswersToBrowsersAreThereFromTheStart() {
        stats.http("web").downstreamRq.count(204);

        Map<String, Stat> all = stats.byName();

        assertThat(all).containsKeys("http.web.downstream_rq_1xx", "http.web.downstream_rq_5xx");
        assertThat(all.get("http.web.downstream_rq_2xx").value().getAsLong()).isEqualTo(1);
        assertThat(all.get("http.web.downstream_rq_2xx").family()).isEqualTo("envoy_http_downstream_rq_xx");
        assertThat(all.get("http.web.downstream_rq_2xx").labels())
                .containsExactly(
                        new Label("envoy_response_code_class", "2"),
                        new Label("envoy_http_conn_manager_prefix", "web"));
    }

    @Test
    void codesOfBackendsAppearWithTheFirstAnswer() {
        assertThat(stats.cluster("echo")).isNotNull();
        assertThat(stats.byName()).doesNotContainKeys("cluster.echo.upstream_rq_503", "cluster.echo.upstream_rq_5xx");

        stats.cluster("echo").response(503);

        assertThat(stats.byName()).containsKeys("cluster.echo.upstream_rq_503", "cluster.echo.upstream_rq_5xx");
        assertThat(stats.byName()).doesNotContainKey("cluster.echo.upstream_rq_time");
    }

    @Test
    void askingTwiceGivesTheSameGroup() {
        assertThat(stats.http("web")).isSameAs(stats.http("web"));
        assertThat(stats.listener("0.0.0.0_8080")).isSameAs(stats.listener("0.0.0.0_8080"));
    }

    @Test
    void countersAreResetAndGaugesAreNot() {
        HttpStats http = stats.http("web");
        http.downstreamRqTotal.add(3);
        http.downstreamRqActive.increment();

        stats.resetCounters();

        assertThat(http.downstreamRqTotal.sum()).isZero();
        assertThat(http.downstreamRqActive.value()).isEqualTo(1);
    }

    @Test
    void theMethodsOfACallerThatInventsThemAreBounded() {
        for (int i = 0; i < 2000; i++) {
            stats.cluster("echo").grpcWeb("ops.Echo", "M" + i).count(0);
        }

        assertThat(stats.byName().keySet())
                .filteredOn(name -> name.startsWith("cluster.echo.grpc-web.") && name.endsWith(".total"))
                .hasSize(500);
    }

    @Test
    void aCertificateHasTwoLabels() {
        stats.listener("0.0.0.0_443").tls().certificateExpiration("web").set(2_000_000_000L);

        Stat stat = stats.byName().get("listener.0.0.0.0_443.ssl.certificate.web.expiration_unix_time_seconds");

        assertThat(stat.family()).isEqualTo("envoy_listener_ssl_certificate_expiration_unix_time_seconds");
        assertThat(stat.labels())
                .containsExactly(
                        new Label("envoy_tls_certificate", "web"), new Label("envoy_listener_address", "0.0.0.0_443"));
    }
}
