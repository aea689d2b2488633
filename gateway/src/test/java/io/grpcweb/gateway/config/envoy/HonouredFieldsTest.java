package io.grpcweb.gateway.config.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.runtime.FilterKinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the table of what is honoured against the tests: a field that no test is about is not called honoured. */
final class HonouredFieldsTest {
    private static final Path TESTS = Path.of("src/test/java/io/grpcweb/gateway");
    private static final Path LIST = Path.of("src/test/resources/io/grpcweb/gateway/config/envoy/tests-of-fields.txt");

    @Test
    void eachFieldThatIsHonouredHasATest() throws IOException {
        TreeSet<String> honoured = new TreeSet<>();
        Support.load(FilterKinds.ALL.list())
                .rows()
                .forEach((message, rows) -> rows.forEach((field, rule) -> {
                    if (rule.verdict() == Support.Verdict.HONOURED && !field.contains("=")) {
                        honoured.add(message + "." + field);
                    }
                }));

        assertThat(tests().keySet()).containsExactlyElementsOf(honoured);
    }

    @Test
    void theTestOfAFieldNamesIt() throws IOException {
        Map<String, String> sources = sources();
        List<String> wrong = new ArrayList<>();
        tests().forEach((row, test) -> {
            String field = row.substring(row.lastIndexOf('.') + 1);
            // A line break in a text of Java ends in a letter.
            String source = sources.getOrDefault(test, "").replace("\\n", " ");
            if (!Pattern.compile("\\b" + field + "\\b").matcher(source).find()) {
                wrong.add(test + " does not name " + row);
            }
        });

        assertThat(wrong).isEmpty();
    }

    /** The name of the class for each field. */
    private static Map<String, String> tests() throws IOException {
        Map<String, String> tests = new TreeMap<>();
        String message = "";
        for (String line : Files.readAllLines(LIST)) {
            if (line.startsWith(" ")) {
                String[] words = line.strip().split(" +", -1);
                tests.put(message + "." + words[0], words[1]);
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                message = line;
            }
        }
        return tests;
    }

    private static Map<String, String> sources() throws IOException {
        Map<String, String> sources = new HashMap<>();
        try (Stream<Path> files = Files.walk(TESTS)) {
            for (Path file :
                    files.filter(one -> one.toString().endsWith(".java")).toList()) {
                sources.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
            }
        }
        return sources;
    }
}
