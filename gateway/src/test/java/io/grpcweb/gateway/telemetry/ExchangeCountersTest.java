package io.grpcweb.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.Protocol;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.stats.HttpStats;
import io.grpcweb.gateway.stats.Stats;
import org.junit.jupiter.api.Test;

class ExchangeCountersTest {
    private final Stats stats = new Stats();
    private final HttpStats http = stats.http("web");
    private final ExchangeCounters counters =
            new ExchangeCounters(http, stats.listener("127.0.0.1_80").http("web"));

    private void ended(Details details) {
        StreamInfo call = Calls.unary();
        call.details = details;
        counters.started(call);
        counters.ended(call);
    }

    @Test
    void theVersionIsCounted() {
        StreamInfo old = Calls.unary();
        old.protocol = Protocol.HTTP_1_0;
        StreamInfo two = Calls.unary();
        two.protocol = Protocol.HTTP_2;
        counters.started(old);
        counters.started(two);
        counters.started(two);

        assertThat(http.downstreamRqHttp1Total.sum()).isEqualTo(1);
        assertThat(http.downstreamRqHttp2Total.sum()).isEqualTo(2);
    }

    @Test
    void whatTheRouterDidIsCounted() {
        ended(Details.VIA_UPSTREAM);
        ended(Details.DIRECT_RESPONSE);
        ended(Details.REDIRECT);
        ended(Details.REDIRECT);
        ended(Details.DURATION_TIMEOUT);

        // Envoy counts redirects among them.
        assertThat(http.router.rqDirectResponse.sum()).isEqualTo(3);
        assertThat(http.downstreamRqMaxDurationReached.sum()).isEqualTo(1);
    }

    @Test
    void pathsThatAreNotInNormalFormAreCounted() {
        ended(Details.PATH_REFUSED);
        ended(Details.PATH_REFUSED);
        ended(Details.PATH_NORMALIZED);

        assertThat(http.downstreamRqFailedPathNormalization.sum()).isEqualTo(2);
        assertThat(http.downstreamRqRedirectedWithNormalizedPath.sum()).isEqualTo(1);
    }

    @Test
    void aRequestThatTakesTooLongIsCounted() {
        ended(Details.REQUEST_TIMEOUT);

        assertThat(http.downstreamRqTimeout.sum()).isEqualTo(1);
    }

    @Test
    void detailsAreWhatTheyAreAndNotWhatTheySay() {
        ended(Details.of("direct_response"));

        assertThat(http.router.rqDirectResponse.sum()).isZero();
    }
}
