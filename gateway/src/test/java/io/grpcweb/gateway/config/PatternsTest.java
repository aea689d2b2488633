package io.grpcweb.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What compiling a regular expression may cost. */
class PatternsTest {
    static Stream<String> tooLarge() {
        return Stream.of(
                "((a{1000}){1000}){1000}",
                "((a{1000}){1000})",
                "((a{100}){100}){100}",
                "((a{11}){10}){10}",
                "(?:".repeat(30) + "a" + "{2})".repeat(30) + "{2}",
                "(?:".repeat(12) + "a{30}" + "){3}".repeat(12),
                "(a|b){1000}(c|d){1000}(a{3}|b){1000}",
                "((a{0,1000}){0,2}){1,1000}",
                "((a{1000,}){1000,}){1000,}",
                "(?i)((\\pL{1000}){1000})",
                "([^\\x{0}-\\x{10FFFF}]{1000}){1000}",
                "(?P<name>(a{1000})){1000}",
                "(?i:(?s:(.{1000})){1000})",
                "(\\Qab\\E{1000}){1000}",
                "([]{2}]{1000}){1000}",
                "([[:alpha:]]{1000}){1000}",
                "((\\b{1000}){1000}){1000}",
                "((){1000}){1000}",
                "((a*){1000}){1000}",
                "[a-z]{1000}".repeat(20),
                "(?i)" + "[B-\\x{1e943}]".repeat(200),
                "(".repeat(5000) + "a" + ")".repeat(5000),
                "a".repeat(20_000));
    }

    @ParameterizedTest
    @MethodSource("tooLarge")
    @Timeout(5)
    void aProgramThatWouldBeTooLargeIsRefusedBeforeItIsMade(String text) {
        assertThatThrownBy(() -> Patterns.compile(text)).isInstanceOf(PatternSyntaxException.class);
        assertThatThrownBy(() -> Patterns.compileAsked(text)).isInstanceOf(PatternSyntaxException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a{1000}",
                "(a{10}){100}",
                "(a{10}|b{20}){5}",
                "https://([a-z0-9-]+\\.)*example\\.com",
                "/(.*)/(.*)/(.*)/v([0-9]+)",
                "(?i)kelvin|[[:alpha:]\\pL]+",
                "a{2,}b{0,3}c{,4}d{x}e{",
                "(?:a{0}){1000}",
                "[{}]{3}[^]{}]{4}[\\]{}]{5}",
                "\\Q((a{1000}){1000})\\E",
                "\\((a\\{1000\\}){10}",
                "\\x{41}{30}\\p{Greek}{30}",
                "((a*)*|(b+)+)?",
                "(?s:.){200}",
                "(?i)[\\x{400}-\\x{4ff}]{2}"
            })
    void aUsualOneIsTakenAndNoLargerThanWasWorkedOut(String text) {
        Pattern pattern = Patterns.compile(text);
        assertThat((long) pattern.programSize())
                .isLessThanOrEqualTo(PatternSize.of(text).instructions() + 2);
    }

    @Test
    void aRefusalNamesBothNumbers() {
        assertThatThrownBy(() -> Patterns.compile("((a{100}){100}){100}"))
                .hasMessageContaining("invalid repetition size")
                .hasMessageContaining("1000000")
                .hasMessageContaining("at most 1000 ");
    }

    @Test
    void aPatternOfARequestIsShort() {
        assertThat(Patterns.compileAsked("a".repeat(1024)).programSize()).isPositive();
        assertThatThrownBy(() -> Patterns.compileAsked("a".repeat(1025)))
                .hasMessageContaining("1025")
                .hasMessageContaining("1024");
    }

    @Test
    void aValueThatIsTooLongForThePatternDoesNotMatch() {
        Pattern small = Patterns.compile("a*");
        assertThat(Patterns.matches(small, "a".repeat(8192))).isTrue();
        assertThat(Patterns.matches(small, "a".repeat(8193))).isFalse();
        Pattern large = Patterns.compile("(a?){1000}a*");
        assertThat(Patterns.matches(large, "a".repeat(300))).isTrue();
        assertThat(Patterns.matches(large, "a".repeat(8000))).isFalse();
    }

    @Test
    void aConditionOnAFieldThatIsTooLongDoesNotHoldEitherWay() {
        StringMatch letters = new StringMatch.Regex(Patterns.compile("a*"));
        for (boolean invert : new boolean[] {false, true}) {
            RouteConfig.HeaderMatch match = new RouteConfig.HeaderMatch(
                    "x-a", java.util.Optional.of(letters), java.util.Optional.empty(), invert, false);
            assertThat(match.fits("b".repeat(9000))).isFalse();
            assertThat(match.fits("a")).isEqualTo(!invert);
        }
    }

    @Test
    void theWorstMatchThatIsMadeTakesMillisecondsOnly() {
        Pattern worst = Patterns.compile("(a?){500}(a?){500}(a|b|c)*x");
        String value = "a".repeat(1000);
        org.junit.jupiter.api.Assertions.assertTimeout(
                Duration.ofSeconds(5),
                () -> assertThat(Patterns.matches(worst, value)).isFalse());
    }
}
