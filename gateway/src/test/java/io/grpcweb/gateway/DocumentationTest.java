package io.grpcweb.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Links of the documentation lead somewhere, and the classes and packages that it names exist. */
final class DocumentationTest {
    private static final Path SOURCES = Path.of("src/main/java/io/grpcweb/gateway");
    private static final Path INDEX = Path.of("docs/README.md");
    private static final Path REQUEST = Path.of("docs/request.md");

    private static final Pattern LINK = Pattern.compile("]\\(([^)#:\\s]*)(?:#([^)\\s]*))?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

    /** In backticks: packages below the gateway's, a class, and perhaps a method. */
    private static final Pattern CLASS =
            Pattern.compile("`((?:[a-z0-9]+\\.)*[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*)[^`]*`");

    private static final Pattern PACKAGE = Pattern.compile("`([a-z0-9.]+)`");

    static List<Path> pages() {
        return DocumentedBlocks.pages();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linksLeadToFilesAndHeadings(Path page) throws IOException {
        List<MatchResult> links = LINK.matcher(Files.readString(page)).results().toList();

        for (MatchResult link : links) {
            Path target = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1));
            assertThat(target).as(link.group()).exists();
            if (link.group(2) != null) {
                assertThat(anchors(target)).as(link.group()).contains(link.group(2));
            }
        }
    }

    @Test
    void eachPageIsInTheIndex() throws IOException {
        Set<String> linked = LINK.matcher(Files.readString(INDEX))
                .results()
                .map(link -> link.group(1))
                .collect(Collectors.toSet());

        assertThat(linked)
                .containsAll(pages().stream()
                        .filter(page -> page.startsWith("docs") && !page.equals(INDEX))
                        .map(page -> page.getFileName().toString())
                        .toList());
    }

    /** As GitHub makes them of headings. */
    private static Set<String> anchors(Path page) throws IOException {
        return HEADING.matcher(Files.readString(page))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9 _-]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    @Test
    void theClassesOnTheWayOfARequestExist() throws IOException {
        Set<String> named = CLASS.matcher(Files.readString(REQUEST))
                .results()
                .map(name -> name.group(1))
                .collect(Collectors.toSet());

        assertThat(named).hasSizeGreaterThan(30).allSatisfy(name -> assertThat(existing())
                .anyMatch(known -> known.equals(name) || known.endsWith("." + name)));
    }

    @Test
    void eachPackageIsInTheTable() throws IOException {
        String table = Files.readString(REQUEST)
                .lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("\\|", -1)[1])
                .collect(Collectors.joining());
        Set<String> listed =
                PACKAGE.matcher(table).results().map(name -> name.group(1)).collect(Collectors.toSet());
        Set<String> packages = existing().stream()
                .filter(name -> name.indexOf('.') > 0)
                .map(name -> name.substring(0, name.lastIndexOf('.')))
                .collect(Collectors.toSet());

        assertThat(listed).isEqualTo(packages);
    }

    /** All classes, below the gateway's package. */
    private static Set<String> existing() {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.map(file -> SOURCES.relativize(file).toString())
                    .filter(file -> file.endsWith(".java") && !file.endsWith("package-info.java"))
                    .map(file ->
                            file.substring(0, file.length() - ".java".length()).replace('/', '.'))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
