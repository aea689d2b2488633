package io.grpcweb.gateway.config.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.config.ConfigException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code validate.rules} say about values, and how that is reported. */
final class RuleCheckerTest {

    @ParameterizedTest
    @CsvSource({
        "'>=1', 0, 'must be >=1, not 0'",
        "'>=1', 1, ''",
        "'>1', 1, 'must be >1, not 1'",
        "'<=100', 101, 'must be <=100, not 101'",
        "'<100', 100, 'must be <100, not 100'",
        "'=3', 4, 'must be 3, not 4'",
        "'in:1,2', 3, 'must be one of 1, 2, not 3'",
        "'in:1,2', 2, ''",
        "'not_in:1,2', 2, 'must be other than 1, 2, not 2'",
    })
    void numbersKeepToTheirBounds(String rule, long value, String problem) {
        assertThat(RuleChecker.number(rules(rule), value, String.valueOf(value)))
                .isEqualTo(problems(problem));
    }

    @Test
    void everyBoundThatIsBrokenIsNamed() {
        assertThat(RuleChecker.number(rules(">=10", "in:20,30"), 5L, "5"))
                .containsExactly("must be >=10, not 5", "must be one of 20, 30, not 5");
    }

    @Test
    void durationsAreComparedToTheNanosecond() {
        Rules rules = rules(">0.001s", "<3s");

        assertThat(RuleChecker.number(rules, Duration.ofNanos(1_000_001), "0.001000001s"))
                .isEmpty();
        assertThat(RuleChecker.number(rules, Duration.ofMillis(1), "0.001s"))
                .containsExactly("must be >0.001s, not 0.001s");
        assertThat(RuleChecker.number(rules, Duration.ofSeconds(3), "3s")).containsExactly("must be <3s, not 3s");
    }

    @Test
    void aFlagMayBeBoundToOneValue() {
        assertThat(RuleChecker.number(rules("=true"), false, "false")).containsExactly("must be true, not false");
        assertThat(RuleChecker.number(rules("=true"), true, "true")).isEmpty();
    }

    @Test
    void valuesOfAnEnumAreNamed() {
        Map<String, Integer> values = Map.of("NONE", 0, "DNS", 1, "URI", 2);

        assertThat(RuleChecker.enumValue(rules("not_in:0"), "NONE", values)).containsExactly("must be other than NONE");
        assertThat(RuleChecker.enumValue(rules("in:1,2"), "NONE", values)).containsExactly("must be one of DNS, URI");
        assertThat(RuleChecker.enumValue(rules("defined_only"), "DNS", values)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "min_len:1, '', must not be empty",
        "min_len:3, ab, 'must have at least 3 characters, not 2'",
        "min_len:2, \uD83D\uDE00, 'must have at least 2 characters, not 1'",
        "max_len:1, ab, 'must have at most 1 characters, not 2'",
        "max_bytes:1, \u00e4, 'must have at most 1 bytes, not 2'",
        "len:3, ab, 'must have 3 characters, not 2'",
        "pattern:^[a-c]+$, abd, \"'abd' does not match ^[a-c]+$\"",
        "pattern:^a%0020b$, a b, ''",
        "prefix:/, a, must begin with /",
        "suffix:%0025, a, must end with %",
        "contains:x, a, must contain x",
        "not_contains:a, a, must not contain a",
        "'in:a', c, \"'c' is none of a\"",
        "'not_in:a,b', b, must not be 'b'",
        "ip, 127.0.0.256, \"'127.0.0.256' is no ip\"",
    })
    void textsKeepToTheirForm(String rule, String text, String problem) {
        assertThat(RuleChecker.text(rules(rule), text)).isEqualTo(problems(problem.replace("\"", "")));
    }

    @Test
    void anEmptyTextIsLetBeWhereThatIsSaid() {
        assertThat(RuleChecker.text(rules("prefix:%0025", "ignore_empty"), "")).isEmpty();
        assertThat(RuleChecker.text(rules("prefix:%0025", "ignore_empty"), "a")).hasSize(1);
        assertThat(RuleChecker.number(rules(">=10", "ignore_empty"), 0L, "0")).isEmpty();
    }

    @Test
    void headersHaveNoCharacterThatEndsALine() {
        Rules name = rules("well_known_regex:HTTP_HEADER_NAME");
        Rules loose = rules("well_known_regex:HTTP_HEADER_NAME", "strict:false");
        Rules value = rules("well_known_regex:HTTP_HEADER_VALUE");

        assertThat(RuleChecker.text(name, "x-a")).isEmpty();
        assertThat(RuleChecker.text(name, ":path")).isEmpty();
        assertThat(RuleChecker.text(name, "x a"))
                .containsExactly("the name of a header must not have the character 0x20 at 2");
        assertThat(RuleChecker.text(name, "")).hasSize(1);
        assertThat(RuleChecker.text(loose, "x a")).isEmpty();
        assertThat(RuleChecker.text(loose, "x\r\na"))
                .containsExactly("the name of a header must not have the character 0x0d at 2");
        assertThat(RuleChecker.text(value, "a\tb \u00e4")).isEmpty();
        assertThat(RuleChecker.text(value, "a\u0001"))
                .containsExactly("the value of a header must not have the character 0x01 at 2");
    }

    @Test
    void listsAndMapsHaveAsManyAsTheyMay() {
        assertThat(RuleChecker.many(rules("min_items:1"), List.of())).containsExactly("must not be empty");
        assertThat(RuleChecker.many(rules("min_items:2"), List.of("a")))
                .containsExactly("must have at least 2 items, not 1");
        assertThat(RuleChecker.many(rules("max_items:1"), List.of("a", "b")))
                .containsExactly("must have at most 1 items, not 2");
        assertThat(RuleChecker.many(rules("unique"), List.of("a", "b", "a")))
                .containsExactly("must have each value once: [a, b, a]");
        assertThat(RuleChecker.many(rules("min_pairs:1"), List.of())).containsExactly("must not be empty");
        assertThat(RuleChecker.bytes(rules("len:32"), 31)).containsExactly("must have 32 bytes, not 31");
    }

    @ParameterizedTest
    @CsvSource({
        "ip, 127.0.0.1",
        "ip, ::",
        "ip, ::1",
        "ip, 2001:db8::ff00:42:8329",
        "ipv6, ::ffff:10.0.0.1",
        "ipv6, 1:2:3:4:5:6:7:8",
        "ipv4, 10.0.0.1",
        "hostname, a-b.example.",
        "address, a.example",
        "address, ::1",
        "email, a@b.example",
        "uri, http://a/b",
        "uri_ref, /b",
        "uuid, 123e4567-e89b-12d3-a456-426614174000",
    })
    void formsThatFit(String form, String text) {
        assertThat(TextForms.problem(form, text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "ip, 1.2.3",
        "ip, 1.2.3.4.5",
        "ip, :::",
        "ip, 1::2::3",
        "ip, 12345::",
        "ipv6, 1:2:3:4:5:6:7",
        "ipv6, 10.0.0.1",
        "ipv4, ::1",
        "hostname, -a.example",
        "hostname, a..b",
        "hostname, a_b",
        "address, a_b",
        "email, b.example",
        "uri, /b",
        "uri_ref, http://[",
        "uuid, 123",
    })
    void formsThatDoNotFit(String form, String text) {
        assertThat(TextForms.problem(form, text)).isEqualTo("'" + text + "' is no " + form.replace('_', ' '));
    }

    @Test
    void allThatIsBrokenInAFileIsReportedAtOnceWithItsPath() {
        assertThatThrownBy(() -> new Bootstraps()
                        .with("CLUSTER", "common_lb_config: { healthy_panic_threshold: { value: 101 } }")
                        .with("ROUTE", "cluster: backend, max_stream_duration: { max_stream_duration: 5 }")
                        .with("HOST", "request_headers_to_add: [{ header: { key: '' } }]")
                        .read())
                .isInstanceOfSatisfying(ConfigException.class, wrong -> assertThat(wrong.problems())
                        .extracting(problem -> problem.path() + ": " + problem.text())
                        .anyMatch(line -> line.contains("healthy_panic_threshold.value: must be <=100, not 101"))
                        .anyMatch(line -> line.contains("max_stream_duration.max_stream_duration: '5' is not"))
                        .anyMatch(line -> line.contains("request_headers_to_add[0].header.key: must not be empty")));
    }

    private static Rules rules(String... words) {
        return Rules.of(List.of(words));
    }

    private static List<String> problems(String problem) {
        return problem.isEmpty() ? List.of() : List.of(problem);
    }
}
