package io.grpcweb.gateway.config.hocon;

import com.typesafe.config.ConfigValue;
import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.ConfigProblem;
import io.grpcweb.gateway.config.FilesRead;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Collects what is wrong with a file of the gateway's own format, and what deserves a warning. */
final class Findings {
    private final String file;
    private final FilesRead files;
    private final Set<ConfigProblem> errors = new LinkedHashSet<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<Section> sections = new ArrayList<>();

    /**
     * Without findings.
     *
     * @param files is told of the files that are read besides
     */
    Findings(String file, FilesRead files) {
        this.file = file;
        this.files = files;
    }

    /** The configuration takes something over from a file. */
    void reads(Path other) {
        files.add(other);
    }

    void add(Section section) {
        sections.add(section);
    }

    void error(ConfigValue value, String path, String text) {
        errors.add(new ConfigProblem(fileOf(value), Math.max(0, value.origin().lineNumber()), path, text));
    }

    void error(ConfigProblem problem) {
        errors.add(problem);
    }

    void warn(String place, String text) {
        warn(place + ": " + text);
    }

    void warn(String warning) {
        warnings.add(warning);
    }

    List<String> warnings() {
        return warnings;
    }

    String place(ConfigValue value, String path) {
        int line = value.origin().lineNumber();
        return fileOf(value) + (line > 0 ? ":" + line : "") + ": " + path;
    }

    /** An included file has a name of its own. */
    String fileOf(ConfigValue value) {
        return value.origin().filename() == null ? file : value.origin().filename();
    }

    /** The sections that were read. */
    List<Section> sections() {
        return sections;
    }

    /** Every key that was asked for, in any section; for the test that holds the reference against the reader. */
    Set<String> knownKeys() {
        Set<String> keys = new TreeSet<>();
        sections.forEach(section -> keys.addAll(section.known()));
        return keys;
    }

    void throwIfAny() throws ConfigException {
        sections.forEach(Section::reportUnknown);
        if (!errors.isEmpty()) {
            List<ConfigProblem> sorted = new ArrayList<>(errors);
            sorted.sort(Comparator.comparingInt(ConfigProblem::line));
            throw new ConfigException(sorted);
        }
    }
}
