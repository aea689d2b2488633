package io.grpcweb.gateway.filter.cors;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.re2j.Pattern;
import io.grpcweb.gateway.config.Origin;
import io.grpcweb.gateway.config.StringMatch;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Origins: what a policy allows is what a plain reading of its matchers says. */
class OriginFuzzTest {
    private static final CorsDecision DECISION = new CorsDecision(new CorsPolicy(
            List.of(
                    new StringMatch.Exact("https://app.example", false),
                    new StringMatch.Suffix(".app.example", false),
                    new StringMatch.Regex(Pattern.compile("https://[a-z]+\\.dev\\.test(:[0-9]+)?"))),
            "POST",
            "",
            "",
            Optional.empty(),
            "",
            Optional.of(true),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            1,
            0,
            Origin.NONE));

    @FuzzTest(maxDuration = "15m")
    void onlyWhatThePolicySaysIsAllowed(byte[] input) {
        String origin = new String(input, StandardCharsets.ISO_8859_1);
        boolean expected = origin.length() <= 512
                && (origin.equals("https://app.example")
                        || origin.endsWith(".app.example")
                        || java.util.regex.Pattern.matches("https://[a-z]+\\.dev\\.test(:[0-9]+)?", origin));
        assertThat(DECISION.allows(origin)).isEqualTo(expected);
        // The second time it may be remembered.
        assertThat(DECISION.allows(origin)).isEqualTo(expected);
        if (expected) {
            Http2Headers head = new DefaultHttp2Headers(false);
            DECISION.stamp(head, origin);
            assertThat(head.get("access-control-allow-origin")).hasToString(origin);
            assertThat(head.getAll("access-control-allow-origin")).hasSize(1);
        }
    }
}
