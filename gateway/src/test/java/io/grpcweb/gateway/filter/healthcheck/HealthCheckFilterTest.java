package io.grpcweb.gateway.filter.healthcheck;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.RouteConfig.HeaderMatch;
import io.grpcweb.gateway.config.StringMatch;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.FakeExchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.ResponseFlag;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class HealthCheckFilterTest {
    private final AtomicBoolean failing = new AtomicBoolean();
    private Exchange exchange;

    private HttpFilter room(boolean passThrough, String path) throws ConfigException {
        HeaderMatch isHealthz = new HeaderMatch(
                ":path", Optional.of(new StringMatch.Exact("/healthz", false)), Optional.empty(), false, false);
        Http2Headers head = new DefaultHttp2Headers(false).method("GET").path(path);
        exchange = FakeExchange.of(head);
        return new HealthCheckFilterFactory(
                        new HealthCheckConfig("health", passThrough, List.of(isHealthz)), "edge", failing::get)
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
}
