package io.grpcweb.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.RouteConfig.StreamLimits;
import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.FakeExchange;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a backend is told of the time it has: seconds in, as a real Envoy does it where the configuration is Envoy's. */
class StreamDeadlineTest {
    private static Optional<Duration> seconds(Integer seconds) {
        return Optional.ofNullable(seconds).map(Duration::ofSeconds);
    }

    private static String told(CallFormat format, String sent, StreamLimits limits, int listenerMax)
            throws ConfigException {
        Http2Headers head = new DefaultHttp2Headers(false);
        if (sent != null) {
            head.set("grpc-timeout", sent);
        }
        Exchange exchange = FakeExchange.of(head);
        exchange.info().format = format;
        StreamDeadline.apply(exchange, head, limits, Duration.ofSeconds(listenerMax));
        return String.valueOf(head.get("grpc-timeout"));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // max, header max, offset, listener's, sent, told
                "5, -, 0, 0, -, 5000m",
                "5, -, 0, 0, 1S, 5000m",
                "5, -, 0, 7, 10S, 5000m",
                "-, 0, 0, 0, -, null",
                "-, 0, 0, 0, 10S, 10000m",
                "-, 0, 0, 7, -, 7000m",
                "-, 0, 0, 7, 10S, 10000m",
                "-, 3, 0, 0, 10S, 3000m",
                "-, 3, 0, 0, 1S, 1000m",
                "5, 3, 0, 0, -, 5000m",
                "5, 3, 0, 7, 10S, 3000m",
                "0, -, 0, 0, 10S, 10S",
                "0, -, 0, 7, 10S, null",
                "-, 3, 1, 0, 10S, 2000m",
                "-, 3, 1, 7, 1S, 0m",
                "-, 3, 1, 7, -, 7000m",
            })
    void aNativeCallIsToldWhatItHas(
            Integer max, Integer headerMax, int offset, int listenerMax, String sent, String told)
            throws ConfigException {
        StreamLimits limits = new StreamLimits(seconds(max), seconds(headerMax), Duration.ofSeconds(offset), true);
        assertThat(told(CallFormat.GRPC, sent, limits, listenerMax)).isEqualTo(told);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // header max, listener's, sent, told
                "0, 7, 10S, 7000m",
                "0, 7, 5S, 5S",
                "3, 7, 10S, 3000m",
                "9, 7, 10S, 7000m",
                "0, 0, 10S, 10S",
                "0, 7, -, null",
                "-, 7, 10S, 10S",
            })
    void noCallerAsksForMoreThanTheListenerAllows(Integer headerMax, int listenerMax, String sent, String told)
            throws ConfigException {
        StreamLimits limits = new StreamLimits(Optional.empty(), seconds(headerMax), Duration.ZERO, false);
        assertThat(told(CallFormat.GRPC_WEB, sent, limits, listenerMax)).isEqualTo(told);
    }
}
