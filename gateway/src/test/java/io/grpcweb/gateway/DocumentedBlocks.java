package io.grpcweb.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The blocks of code in the documentation. */
public final class DocumentedBlocks {
    private static final String FENCE = "```";

    private DocumentedBlocks() {}

    /**
     * A block between fences, or of indented lines.
     *
     * @param place the page and the line before its first one
     * @param language behind the fence; {@code indented} where there is none
     * @param heading that it stands below
     */
    public record Block(String place, String language, String heading, String text) {
        @Override
        public String toString() {
            return place;
        }
    }

    /** The README of the project, and all pages of the book. */
    public static List<Path> pages() {
        try (Stream<Path> docs = Files.list(Path.of("docs"))) {
            return Stream.concat(Stream.of(Path.of("../README.md")), docs.sorted())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those of one language, on all pages. */
    public static List<Block> of(String language) {
        return pages().stream()
                .flatMap(page -> read(page).stream())
                .filter(block -> block.language.equals(language))
                .toList();
    }

    private static List<Block> read(Path page) {
        List<String> lines;
        try {
            lines = Files.readAllLines(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<Block> found = new ArrayList<>();
        String heading = "";
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            int begin = i;
            if (line.startsWith(FENCE)) {
                do {
                    i++;
                } while (!lines.get(i).equals(FENCE));
                found.add(block(page, begin, line.substring(FENCE.length()), heading, lines.subList(begin + 1, i)));
            } else if (line.startsWith("#")) {
                heading = line.replaceFirst("#+ ", "");
            } else if (line.startsWith("    ") && (i == 0 || lines.get(i - 1).isBlank())) {
                while (i + 1 < lines.size() && lines.get(i + 1).startsWith("    ")) {
                    i++;
                }
                found.add(block(page, begin, "indented", heading, lines.subList(begin, i + 1)));
            }
        }
        return found;
    }

    private static Block block(Path page, int line, String language, String heading, List<String> lines) {
        return new Block(
                page.getFileName() + ":" + (line + 1),
                language,
                heading,
                String.join("\n", lines).stripIndent() + "\n");
    }
}
