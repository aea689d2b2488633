package io.grpcweb.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.grpcweb.gateway.DocumentedBlocks;
import io.grpcweb.gateway.DocumentedBlocks.Block;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Command lines of the gateway in the documentation mean something, its scripts exist, and each option is documented. */
class DocumentedCommandsTest {
    /** At the start of a line of a block, or in backticks; in a block, comments stand behind two blanks. */
    private static final Pattern COMMAND = Pattern.compile("(?:bin/)?(gateway|envoy) (.*?)(?: {2,}#.*| > \\S+)?");

    private static final Pattern INLINE = Pattern.compile("`((?:bin/)?(?:gateway|envoy) [a-z]* ?--?[a-z][^`]*)`");
    private static final Pattern SCRIPT = Pattern.compile("(?<![\\w/.])((?:\\.ci|web-demo|config|gateway)/[\\w./-]+)");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    /** In blocks, where they are whole. */
    static Stream<String> commands() {
        return Stream.of("indented", "sh")
                .flatMap(language -> DocumentedBlocks.of(language).stream())
                .flatMap(block -> block.text().lines())
                .map(String::strip)
                .filter(line -> COMMAND.matcher(line).matches())
                .distinct();
    }

    /** In sentences, which may leave out what is required. */
    static Stream<String> mentions() {
        return DocumentedBlocks.pages().stream()
                .flatMap(page -> INLINE.matcher(text(page)).results().map(found -> found.group(1)))
                .distinct();
    }

    private static String text(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static CommandLine line(String name) {
        return FullCommandLine.of(name, new CommandOptions());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aCommandLineIsRead(String command) {
        assertThatCode(() -> read(command)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("mentions")
    void whatASentenceMentionsExists(String command) {
        try {
            read(command);
        } catch (CommandLine.MissingParameterException e) {
            assertThat(e.getMessage())
                    .containsAnyOf(
                            "Missing required option", "Missing required parameter for option", "Expected parameter");
        }
    }

    private static void read(String command) {
        Matcher matcher = COMMAND.matcher(command);
        assertThat(matcher.matches()).isTrue();
        List<String> words = new ArrayList<>();
        WORD.matcher(matcher.group(2))
                .results()
                .forEach(word -> words.add(word.group(1) == null ? word.group(2) : word.group(1)));
        line(matcher.group(1)).parseArgs(words.toArray(String[]::new));
    }

    static List<Block> shell() {
        return DocumentedBlocks.of("indented");
    }

    @ParameterizedTest
    @MethodSource("shell")
    void scriptsOfTheProjectExist(Block block) {
        SCRIPT.matcher(block.text())
                .results()
                .map(script -> script.group(1))
                .filter(script -> !script.contains("/target/") && !script.contains("..."))
                .forEach(script -> assertThat(Path.of("..", script)).exists());
    }

    @Test
    void eachOptionIsDocumented() {
        String page = text(Path.of("docs/command-line.md"));
        CommandLine line = line("gateway");
        Stream<CommandLine> all = Stream.concat(Stream.of(line), line.getSubcommands().values().stream());

        List<String> names = all.flatMap(one -> one.getCommandSpec().options().stream())
                .flatMap(option -> Stream.of(option.names()))
                .distinct()
                .toList();

        assertThat(names).hasSizeGreaterThan(40).allSatisfy(name -> assertThat(page)
                .containsPattern("`" + name + "[` ]"));
    }
}
