package io.grpcweb.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.http.ResponseFlag;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.testing.LogWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SinkLogTest {
    private final List<AccessLogEntry> entries = new ArrayList<>();
    private final AtomicInteger lost = new AtomicInteger();

    @Test
    void anEntryHoldsWhatALineHolds() {
        StreamInfo call = Calls.unary();
        call.flag(ResponseFlag.UPSTREAM_TIMEOUT);
        call.upstreamFailure = "reset by peer";
        new SinkLog(entries::add, lost::incrementAndGet).ended(call);

        assertThat(entries).singleElement().satisfies(one -> {
            assertThat(one.began().toEpochMilli()).isEqualTo(call.startMillis);
            assertThat(one.duration()).isEqualTo(Duration.ofNanos(70_900_000));
            assertThat(one.listener()).isEqualTo("web");
            assertThat(one.protocol()).isEqualTo("HTTP/1.1");
            assertThat(one.client()).isEqualTo("127.0.0.1");
            assertThat(one.request())
                    .isEqualTo(new AccessLogEntry.Request("POST", "ops.example", "/ops.Echo/Unary", "echo", "", 10));
            assertThat(one.response()).isEqualTo(new AccessLogEntry.Response(200, 0, Set.of("UT"), "via_upstream", 30));
            assertThat(one.backend())
                    .isEqualTo(new AccessLogEntry.Backend("echo", "127.0.0.1:50051", 1, "reset by peer"));
        });
    }

    @Test
    void whatIsNotKnownIsEmpty() {
        StreamInfo call = Calls.unary();
        call.originalPath = null;
        call.requestHeaders.clear();
        call.cluster = null;
        call.upstreamRemote = null;
        call.details = null;
        new SinkLog(entries::add, lost::incrementAndGet).ended(call);

        assertThat(entries).singleElement().satisfies(one -> {
            assertThat(one.request()).isEqualTo(new AccessLogEntry.Request("", "", "", "echo", "", 10));
            assertThat(one.response().flags()).isEmpty();
            assertThat(one.response().details()).isEmpty();
            assertThat(one.backend()).isEqualTo(new AccessLogEntry.Backend("", "", 1, ""));
        });
    }

    @Test
    void aSinkThatFailsIsSaidOnceAndCounted() {
        try (LogWatch log = new LogWatch()) {
            SinkLog broken = new SinkLog(
                    entry -> {
                        throw new IllegalStateException("full");
                    },
                    lost::incrementAndGet);
            broken.ended(Calls.unary());
            broken.ended(Calls.unary());
            assertThat(log.warnings()).singleElement().asString().contains("further failures are only counted");
        }
        assertThat(lost).hasValue(2);
    }
}
