package io.grpcweb.gateway.cli;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Command lines as scripts and containers write them: the usual options, each once and with an ordinary value. They mean what
 * {@link FullCommandLine} says they mean. That is asked for all others: its library has class files too old for an archive
 * of loaded classes, and would be a third of each start.
 */
final class PlainCommandLine {
    private static final Set<String> COMMANDS = Set.of("import", "explain", "check", "selftest");

    private final CommandOptions options = new CommandOptions();
    private final Set<String> seen = new HashSet<>();

    private PlainCommandLine() {}

    /**
     * What the words say; empty where they are not of this form.
     *
     * @param equals whether {@code --name=value} is one option with its value
     */
    static Optional<CommandOptions> read(String[] words, boolean equals) {
        PlainCommandLine line = new PlainCommandLine();
        return line.readAll(words, equals) ? Optional.of(line.options) : Optional.empty();
    }

    private boolean readAll(String[] words, boolean equals) {
        for (int i = 0; i < words.length; i++) {
            String name = words[i];
            if (takeFlag(name)) {
                continue;
            }
            int sign = equals ? name.indexOf('=') : -1;
            String value;
            if (sign >= 0) {
                value = name.substring(sign + 1);
                name = name.substring(0, sign);
            } else if (++i < words.length) {
                value = words[i];
            } else {
                return false;
            }
            if (!isOrdinary(value) || !take(name, value)) {
                return false;
            }
        }
        return true;
    }

    /** Not what might be an option, a file of words or a subcommand. */
    private static boolean isOrdinary(String value) {
        return !value.isEmpty() && value.charAt(0) != '-' && value.charAt(0) != '@' && !COMMANDS.contains(value);
    }

    private boolean takeFlag(String name) {
        if (name.equals("--no-watch") || name.equals("--watch-config")) {
            options.files.noWatch |= name.equals("--no-watch");
            options.files.watch |= name.equals("--watch-config");
            return seen.add(name);
        }
        if (!name.equals("--disable-hot-restart") || !seen.add(name)) {
            return false;
        }
        options.succeeding.disabled = true;
        return true;
    }

    private boolean take(String name, String value) {
        if (!seen.add(longName(name))) {
            return false;
        }
        switch (longName(name)) {
            case "--config-path" -> options.files.path = Path.of(value);
            case "--config-yaml" -> options.files.yaml = value;
            case "--mode" -> options.files.mode = value;
            case "--listen" -> options.quick.listen = value;
            case "--admin" -> options.quick.admin = value;
            case "--log-level" -> options.logging.level = value;
            case "--component-log-level" -> options.logging.components = value;
            case "--log-path" -> options.logging.path = Path.of(value);
            case "--service-cluster" -> options.running.serviceCluster = value;
            case "--service-node" -> options.running.serviceNode = value;
            case "--service-zone" -> options.running.serviceZone = value;
            case "--admin-address-path" -> options.running.adminAddressPath = Path.of(value);
            case "--backend" -> {
                return addAll(options.quick.backends, value);
            }
            case "--allow-origin" -> {
                return addAll(options.quick.origins, value);
            }
            case "--concurrency" -> {
                options.running.concurrency = number(value);
                return options.running.concurrency != null;
            }
            case "--drain-time-s" -> {
                options.running.drainSeconds = number(value);
                return options.running.drainSeconds != null;
            }
            case "--hand-over" -> options.succeeding.socket = value;
            case "--base-id" -> options.succeeding.baseId = value;
            case "--restart-epoch" -> {
                options.succeeding.restartEpoch = value.equals("0") ? Integer.valueOf(0) : number(value);
                return options.succeeding.restartEpoch != null;
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static String longName(String name) {
        return switch (name) {
            case "-c" -> "--config-path";
            case "-l" -> "--log-level";
            default -> name;
        };
    }

    /** A plain list has no quotation marks and nothing empty in it. */
    private static boolean addAll(List<String> list, String value) {
        List<String> parts = List.of(value.split(",", -1));
        return value.indexOf('"') < 0 && !parts.contains("") && list.addAll(parts);
    }

    /** A number that is decimal in every reading; null where it is not. */
    private static Integer number(String value) {
        boolean decimal = value.length() < 10
                && value.charAt(0) != '0'
                && value.chars().allMatch(sign -> sign >= '0' && sign <= '9');
        return decimal ? Integer.valueOf(value) : null;
    }
}
