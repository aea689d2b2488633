package io.grpcweb.gateway.filter.cors;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import io.grpcweb.gateway.config.Origin;
import io.grpcweb.gateway.config.StringMatch;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CorsDecisionTest {

    @ParameterizedTest
    @CsvSource({
        "https://app.example, true",
        "https://app.example:8443, false",
        "HTTPS://APP.EXAMPLE, false",
        "null, false",
        "'https://app.example, https://evil.example', false",
        "' https://app.example', false"
    })
    void anOriginIsComparedAsOneText(String origin, boolean allowed) {
        assertThat(allows(new StringMatch.Exact("https://app.example", false), origin))
                .isEqualTo(allowed);
    }

    @Test
    void caseIsIgnoredWhereAsked() {
        assertThat(allows(new StringMatch.Exact("https://app.example", true), "HTTPS://APP.EXAMPLE"))
                .isTrue();
    }

    @Test
    void nullIsAnOriginLikeAnother() {
        assertThat(allows(new StringMatch.Exact("null", false), "null")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"https://a.example, true", "https://a.example:8443, false", "https://evilexample, false"})
    void aSuffixIsTheEnd(String origin, boolean allowed) {
        assertThat(allows(new StringMatch.Suffix(".example", false), origin)).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({"https://a.example, true", "https://a.example.evil, false"})
    void aRegexFitsTheWholeOrigin(String origin, boolean allowed) {
        assertThat(allows(new StringMatch.Regex(Pattern.compile("https://.*\\.example")), origin))
                .isEqualTo(allowed);
    }

    @Test
    void whateverFitsAStarOpensTheRouteToAll() {
        assertThat(allows(new StringMatch.Prefix("*", false), "https://any.test"))
                .isTrue();
        assertThat(allows(new StringMatch.Exact("*", false), "https://any.test"))
                .isTrue();
        assertThat(allows(new StringMatch.Regex(Pattern.compile(".{1,5}")), "https://any.test"))
                .isTrue();
    }

    @Test
    void withoutOriginsNobodyIsAllowed() {
        CorsDecision decision = new CorsDecision(policy());
        assertThat(decision.allows("https://app.example")).isFalse();
        assertThat(decision.rules()).isEqualTo("no origin at all");
    }

    @Test
    void theAnswerIsTheSameHoweverOftenItIsAsked() {
        CorsDecision decision = new CorsDecision(policy(new StringMatch.Suffix(".example", false)));
        for (int i = 0; i < 200; i++) {
            assertThat(decision.allows("https://a" + i + ".example")).isTrue();
            assertThat(decision.allows("https://a0.example")).isTrue();
            assertThat(decision.allows("https://a" + i + ".evil")).isFalse();
        }
    }

    private static boolean allows(StringMatch matcher, String origin) {
        return new CorsDecision(policy(matcher)).allows(origin);
    }

    private static CorsPolicy policy(StringMatch... origins) {
        return new CorsPolicy(
                List.of(origins),
                "",
                "",
                "",
                Optional.empty(),
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                1,
                0,
                Origin.NONE);
    }

    @Test
    void whatIsLongerThanAnOriginCanBeIsAllowedNowhere() {
        String longest = "https://" + "a".repeat(496) + ".example";
        StringMatch[] matchers = {
            new StringMatch.Exact("*", false),
            new StringMatch.Prefix("https://", false),
            new StringMatch.Suffix(".example", false),
            new StringMatch.Contains("aa", false),
            new StringMatch.Regex(Pattern.compile("https://a*\\.example")),
        };
        for (StringMatch matcher : matchers) {
            assertThat(allows(matcher, longest)).as(matcher.toString()).isTrue();
            assertThat(allows(matcher, longest.replace("//a", "//aa")))
                    .as(matcher.toString())
                    .isFalse();
        }
    }
}
