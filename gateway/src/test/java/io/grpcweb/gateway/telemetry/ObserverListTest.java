package io.grpcweb.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.http.AttemptObserver;
import io.grpcweb.gateway.http.ExchangeObserver;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.http.UpstreamFailure;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObserverListTest {
    private final List<String> told = new ArrayList<>();

    /** Notes what it is told under its name, and asks for attempts. */
    private final class Noting implements ExchangeObserver {
        private final String name;

        Noting(String name) {
            this.name = name;
        }

        @Override
        public void started(StreamInfo info) {
            told.add(name + " started");
        }

        @Override
        public void ended(StreamInfo info) {
            told.add(name + " ended");
        }

        @Override
        public void release() {
            told.add(name + " released");
        }

        @Override
        public AttemptObserver attempts() {
            return (info, head) -> {
                told.add(name + " attempt");
                return (status, grpcStatus, message, failure, gaveUp) ->
                        told.add(name + " " + status + " " + grpcStatus + " " + failure);
            };
        }
    }

    @Test
    void allAreToldInTheirOrder() {
        ExchangeObserver all = ObserverList.of(new Noting("a"), ExchangeObserver.NONE, new Noting("b"));
        all.started(Calls.unary());
        all.ended(Calls.unary());
        all.release();

        assertThat(told).containsExactly("a started", "b started", "a ended", "b ended", "a released", "b released");
    }

    @Test
    void allAreToldOfAttempts() {
        ExchangeObserver all = ObserverList.of(new Noting("a"), new Noting("b"));
        all.attempts()
                .began(Calls.unary(), new DefaultHttp2Headers())
                .ended(0, -1, null, UpstreamFailure.REMOTE_RESET, false);

        assertThat(told).containsExactly("a attempt", "b attempt", "a 0 -1 REMOTE_RESET", "b 0 -1 REMOTE_RESET");
    }

    @Test
    void whereNobodyAsksForAttemptsNobodyIsTold() {
        ExchangeObserver none = new ExchangeObserver() {
            @Override
            public void started(StreamInfo info) {}

            @Override
            public void ended(StreamInfo info) {}
        };
        assertThat(ObserverList.of(none, none).attempts()).isNull();

        ExchangeObserver one = ObserverList.of(none, new Noting("a"));
        one.attempts().began(Calls.unary(), new DefaultHttp2Headers());
        assertThat(told).containsExactly("a attempt");
    }
}
