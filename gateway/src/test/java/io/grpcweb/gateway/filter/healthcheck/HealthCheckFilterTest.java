package io.grpcweb.gateway.filter.healthcheck;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.RouteConfig.HeaderMatch;
import io.grpcweb.gateway.config.StringMatch;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.FakeExchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.ResponseFlag;
import io.grpcweb.gateway.stats.ClusterStats;
import io.grpcweb.gateway.stats.EndpointShares;
import io.grpcweb.gateway.stats.Stats;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class HealthCheckFilterTest {
    private final AtomicBoolean failing = new AtomicBoolean();
    private final ClusterStats cluster = new Stats().cluster("there");
    private Map<String, Integer> least = Map.of();
    private Exchange exchange;

    private HttpFilter room(boolean passThrough, String path) throws ConfigException {
        HeaderMatch isHealthz = new HeaderMatch(
                ":path", Optional.of(new StringMatch.Exact("/healthz", false)), Optional.empty(), false, false);
        Http2Headers head = new DefaultHttp2Headers(false).method("GET").path(path);
        exchange = FakeExchange.of(head);
        return new HealthCheckFilterFactory(
                        new HealthCheckConfig("health", passThrough, List.of(isHealthz), least),
                        "edge",
                        failing::get,
                        new EndpointShares(least, name -> name.equals("there") ? cluster : null))
                .create(exchange, head);
    }

    @Test
    void otherRequestsPassBy() throws ConfigException {
        assertThat(room(false, "/pkg.Service/Method")).isNull();
    }

    @Test
    void aCheckIsAnsweredHereByTheStateOfTheGateway() throws ConfigException {
        assertThat(FakeExchange.answer(room(false, "/healthz"))).isEqualTo("200");
        failing.set(true);
        assertThat(FakeExchange.answer(room(false, "/healthz"))).isEqualTo("503");
    }

    @Test
    void inPassThroughModeABackendIsAskedUnlessTheGatewayIsNotWell() throws ConfigException {
        assertThat(room(true, "/healthz")).isNotInstanceOf(HealthCheckFilter.class);
        failing.set(true);
        assertThat(FakeExchange.answer(room(true, "/healthz"))).isEqualTo("503");
    }

    @Test
    void theAnswerIsALocalReply() throws ConfigException {
        HttpFilter room = room(false, "/healthz");
        failing.set(true);
        assertThat(FakeExchange.answer(room)).isEqualTo("200");
        assertThat(exchange.localReply().details()).hasToString("health_check_ok");
        assertThat(exchange.info().details).hasToString("health_check_ok");
        assertThat(exchange.info().has(ResponseFlag.FAILED_LOCAL_HEALTH_CHECK)).isFalse();
        assertThat(FakeExchange.answer(room(false, "/healthz"))).isEqualTo("503");
        assertThat(exchange.localReply().details()).hasToString("health_check_failed");
        assertThat(exchange.info().has(ResponseFlag.FAILED_LOCAL_HEALTH_CHECK)).isTrue();
    }

    private String details(String name, int percent) throws ConfigException {
        least = Map.of(name, percent);
        FakeExchange.answer(room(false, "/healthz"));
        return exchange.localReply().httpStatus() + " " + exchange.info().details;
    }

    @Test
    void itFollowsTheEndpointsOfClusters() throws ConfigException {
        cluster.membershipTotal.set(4);
        cluster.membershipHealthy.set(1);
        cluster.membershipDegraded.set(1);

        assertThat(details("there", 50)).isEqualTo("200 health_check_ok_cluster_healthy");
        assertThat(details("there", 51)).isEqualTo("503 health_check_failed_cluster_unhealthy");
        assertThat(exchange.info().has(ResponseFlag.FAILED_LOCAL_HEALTH_CHECK)).isTrue();
        assertThat(details("elsewhere", 0)).isEqualTo("503 health_check_failed_no_cluster_found");
        cluster.membershipTotal.set(0);
        assertThat(details("there", 1)).isEqualTo("503 health_check_failed_cluster_empty");
        assertThat(details("there", 0)).isEqualTo("200 health_check_ok_cluster_healthy");
        failing.set(true);
        assertThat(details("there", 0)).isEqualTo("503 health_check_failed");
    }
}
