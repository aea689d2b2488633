package io.grpcweb.gateway.telemetry.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.TracingConfig;
import io.grpcweb.gateway.config.TracingConfig.Sampler;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplingTest {
    /** The first eight digits are 4,999 modulo 10,000. */
    private static final String ID = "00001387-635d-4ceb-b907-12674f8c7267";

    private static Sampling sampling(double random, double overall, Sampler sampler) {
        return sampling(random, overall, sampler, TracingConfig.RequestIds.DECIDE_AND_TELL);
    }

    private static Sampling sampling(
            double random, double overall, Sampler sampler, TracingConfig.RequestIds requestIds) {
        return new Sampling(new TracingConfig(
                Optional.empty(),
                Map.of(),
                new TracingConfig.Sampling(1, random, overall),
                Optional.ofNullable(sampler),
                TracingConfig.Context.W3C,
                new TracingConfig.Spans(
                        TracingConfig.Names.ENVOY, false, "", "", OptionalInt.empty(), false, false, List.of()),
                TracingConfig.Flushing.DEFAULT,
                requestIds));
    }

    private static Http2Headers head(String id) {
        return new DefaultHttp2Headers(false).add("x-request-id", id);
    }

    @ParameterizedTest
    @CsvSource({"0.5, 1, SAMPLED, 9", "0.4999, 1, NONE, 4", "1, 0.4999, NONE, 4", "1, 0.5, SAMPLED, 9"})
    void theIdIsTheChance(double random, double overall, TraceReason reason, char mark) {
        Http2Headers head = head(ID);

        assertThat(sampling(random, overall, null).decide(head, false, Optional.empty()))
                .isEqualTo(reason);
        assertThat(head.get("x-request-id").toString()).isEqualTo(ID.replace("-4", "-" + mark));
    }

    @ParameterizedTest
    @CsvSource({"0.5, SAMPLED", "0.4999, NONE"})
    void anIdThatTellsNothingIsTheChanceAndKeepsItsCharacters(double random, TraceReason reason) {
        for (String id : List.of(ID, ID.replace("-4", "-9"))) {
            Http2Headers head = head(id);

            assertThat(sampling(random, 1, null, TracingConfig.RequestIds.DECIDE)
                            .decide(head, false, Optional.empty()))
                    .isEqualTo(reason);
            assertThat(head.get("x-request-id")).hasToString(id);
        }
    }

    @Test
    void whereIdsAreUnusedAllAreChosen() {
        Http2Headers head = head(ID);

        assertThat(sampling(0, 0, null, TracingConfig.RequestIds.UNUSED).decide(head, true, Optional.empty()))
                .isEqualTo(TraceReason.SAMPLED);
        assertThat(head.get("x-request-id")).hasToString(ID);
    }

    @Test
    void anIdThatIsNoUuidIsLeftAlone() {
        Http2Headers head = head("my-own-id");

        assertThat(sampling(1, 1, null).decide(head, false, Optional.empty())).isEqualTo(TraceReason.NONE);
        assertThat(head.get("x-request-id")).hasToString("my-own-id");
    }

    @Test
    void anIdFromInsideDecides() {
        Sampling none = sampling(0, 1, null);

        assertThat(none.decide(head(ID.replace("-4", "-9")), false, Optional.empty()))
                .isEqualTo(TraceReason.SAMPLED);
        assertThat(none.decide(head(ID.replace("-4", "-9")), true, Optional.empty()))
                .isEqualTo(TraceReason.NONE);
    }

    @Test
    void somebodyMayAsk() {
        Sampling none = sampling(0, 1, null);

        assertThat(none.decide(head(ID).add("x-client-trace-id", "a"), true, Optional.empty()))
                .isEqualTo(TraceReason.ASKED_BY_CLIENT);
        assertThat(none.decide(head(ID).add("x-envoy-force-trace", "true"), false, Optional.empty()))
                .isEqualTo(TraceReason.FORCED_BY_SERVICE);
        assertThat(none.decide(
                        head(ID).add("x-client-trace-id", "a"), true, Optional.of(new TracingConfig.Sampling(0, 0, 1))))
                .isEqualTo(TraceReason.NONE);
    }

    @Test
    void samplersHaveTheLastWord() {
        TraceContext sampled = new TraceContext(1, 2, 3, true, "");
        TraceContext not = new TraceContext(1, 2, 3, false, "");
        Sampler half = new Sampler.Ratio(0.5);

        assertThat(sampling(1, 1, null).samples(null, 2)).isTrue();
        assertThat(sampling(1, 1, null).samples(not, 2)).isFalse();
        assertThat(sampling(1, 1, new Sampler.AlwaysOn()).samples(not, 2)).isTrue();
        assertThat(sampling(1, 1, half).samples(sampled, Long.MAX_VALUE)).isFalse();
        assertThat(sampling(1, 1, half).samples(not, Long.MAX_VALUE / 4)).isTrue();
        assertThat(sampling(1, 1, new Sampler.ParentBased(half)).samples(not, 2))
                .isFalse();
        assertThat(sampling(1, 1, new Sampler.ParentBased(half)).samples(null, 2))
                .isTrue();
        assertThat(sampling(1, 1, new Sampler.ParentBased(half)).samples(null, Long.MAX_VALUE))
                .isFalse();
    }
}
