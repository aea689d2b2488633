package io.grpcweb.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.ResponseFlag;
import io.grpcweb.gateway.http.UpstreamFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of errors has a section for each reason that the source names, and for no other. */
final class ErrorsPageTest {
    private static final Path SOURCES = Path.of("src/main/java/io/grpcweb/gateway");
    private static final Path PAGE = Path.of("docs/errors.md");

    private static final Pattern SECTION = Pattern.compile("(?m)^### `([^`]+)`\\R((?:(?!##).*\\R?)*)");
    private static final Pattern MADE =
            Pattern.compile("(?:(?<!\\w)Details\\.(?:of|quoting)|new Details)\\(\\s*(\"([^\"]*)\"|[^\"\\s][^)]*)");

    private static final Pattern HINT = Pattern.compile("(?m)^    ([A-Z][A-Z_0-9]+)\\(");

    /** Where the text is put together or stands elsewhere: what it can be, without what is about one call. */
    private static final Map<String, List<String>> PUT_TOGETHER = Map.of(
            "LocalRateLimitFactory", List.of("local_rate_limited"),
            "BasicAuthFactory",
                    List.of(
                            "no_credential_for_basic_auth",
                            "invalid_scheme_for_basic_auth",
                            "invalid_format_for_basic_auth",
                            "invalid_credential_for_basic_auth"),
            "ApiKeyFactory",
                    List.of("missing_key_sources", "missing_credentials", "missing_api_key", "unknown_api_key"),
            "Details", List.of());

    @Test
    void eachReasonHasItsSectionAndNoSectionIsStale() throws IOException {
        Set<String> reasons = reasons();
        reasons.addAll(hints());
        Map<String, String> sections = sections();

        assertThat(sections.keySet())
                .isEqualTo(reasons.stream().map(ErrorsPageTest::kind).collect(Collectors.toCollection(TreeSet::new)));
        assertThat(reasons.stream().filter(reason -> reason.contains("{")))
                .allSatisfy(reason -> assertThat(sections.get(kind(reason)))
                        .contains("`" + reason.substring(reason.indexOf('{') + 1, reason.length() - 1) + "`"));
    }

    @Test
    void aSectionSaysCauseAndCure() throws IOException {
        assertThat(sections()).hasSizeGreaterThan(70).allSatisfy((reason, text) -> assertThat(text)
                .containsIgnoringCase("**cause**")
                .containsIgnoringCase("**cure**"));
    }

    @Test
    void theLinkOfAReasonLeadsToItsSection() {
        assertThat(Details.of("http2.remote_reset").help()).isEqualTo("docs/errors.md#http2remote_reset");
        assertThat(Details.of("grpc_json_transcode_failure{INTERNAL}").help())
                .isEqualTo("docs/errors.md#grpc_json_transcode_failure");
        assertThat(Details.configured("of_somebody").help()).isEmpty();
    }

    @Test
    void eachFlagIsInTheTable() throws IOException {
        String page = Files.readString(PAGE);

        assertThat(ResponseFlag.values()).allSatisfy(flag -> assertThat(page).contains("`" + flag.shortName() + "`"));
    }

    private static String kind(String reason) {
        return reason.replaceFirst("[\\[{].*", "");
    }

    private static Map<String, String> sections() throws IOException {
        return SECTION.matcher(Files.readString(PAGE))
                .results()
                .collect(Collectors.toMap(found -> found.group(1), found -> found.group(2)));
    }

    private static Set<String> reasons() throws IOException {
        Set<String> all = new TreeSet<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file :
                    files.filter(one -> one.toString().endsWith(".java")).toList()) {
                all.addAll(reasons(file));
            }
        }
        return all;
    }

    private static List<String> reasons(Path file) throws IOException {
        String name = file.getFileName().toString().replace(".java", "");
        List<String> found = new ArrayList<>();
        for (MatchResult one : MADE.matcher(Files.readString(file)).results().toList()) {
            if (one.group(2) == null) {
                assertThat(PUT_TOGETHER).as("what " + name + " can say").containsKey(name);
                found.addAll(PUT_TOGETHER.get(name));
            } else if (name.equals("UpstreamFailure")) {
                failures().forEach(failure -> found.add(one.group(2) + "{" + failure + "}"));
            } else if (!one.group(2).isEmpty()) {
                found.add(one.group(2).replaceFirst("[\\[{]$", ""));
            }
        }
        return found;
    }

    /** Constants that begin a line with a parenthesis; the section has their names in small letters. */
    private static List<String> hints() throws IOException {
        return HINT.matcher(Files.readString(SOURCES.resolve("telemetry/Hint.java")))
                .results()
                .map(found -> found.group(1).toLowerCase(Locale.ROOT))
                .toList();
    }

    /** How an attempt is lost, as details write it. */
    private static List<String> failures() {
        return Stream.of(UpstreamFailure.values())
                .map(failure -> failure.text().replace(' ', '_'))
                .toList();
    }
}
