package io.grpcweb.gateway.cli;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.runtime.Version;
import java.io.PrintStream;
import java.util.function.ToIntFunction;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Every command line: all options in all spellings, help, the subcommands, and what is said of mistakes. */
final class FullCommandLine {
    private final PrintStream out;
    private final PrintStream err;
    private final CommandOptions options = new CommandOptions();
    private final CommandLine line;

    FullCommandLine(String name, PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
        this.line = of(name, options);
    }

    /** All that the command takes, with its subcommands. */
    static CommandLine of(String name, CommandOptions options) {
        CommandLine line = new CommandLine(options)
                .addSubcommand(new ImportCommand())
                .addSubcommand(new ExplainCommand())
                .addSubcommand(new DiffCommand())
                .addSubcommand(new CheckCommand())
                .addSubcommand(new SelfTestCommand())
                .addSubcommand(new SchemaCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setCommandName(name);
        // Envoy's parser knows no other delimiter, so that scripts get the same refusals.
        return name.equals("envoy") ? line.setSeparator(" ") : line;
    }

    /** The exit code: that of {@code start} where the command line asks for nothing else. */
    int run(String[] words, ToIntFunction<CommandOptions> start) {
        ParseResult parsed;
        try {
            parsed = line.parseArgs(words);
            refuseRepetition(parsed);
        } catch (CommandLine.ParameterException e) {
            err.println("error: " + e.getMessage());
            err.println("Try '" + line.getCommandName() + " --help'.");
            return e.getCommandLine().getCommand() instanceof Subcommand command ? command.usageError() : 1;
        }
        if (parsed.hasSubcommand()) {
            return subcommand(parsed.subcommand());
        }
        if (parsed.isUsageHelpRequested()) {
            line.usage(out);
            return 0;
        }
        if (parsed.isVersionHelpRequested()) {
            out.println("\n" + line.getCommandName() + "  version: " + Version.text() + "\n");
            return 0;
        }
        if (options.hotRestartVersion) {
            err.print("disabled");
            return 0;
        }
        parsed.originalArgs().stream()
                .map(word -> word.split(line.getSeparator(), 2)[0])
                .filter(word -> isMeaningless(parsed.commandSpec().findOption(word)))
                .forEach(options.ignored::add);
        return start.applyAsInt(options);
    }

    /** Whether the option, which may be null, is one that only Envoy has a use for. */
    private static boolean isMeaningless(OptionSpec option) {
        return option != null
                && option.group() != null
                && option.group().heading() != null
                && option.group().heading().contains("without meaning");
    }

    /** Which of two values counts is nothing to guess; picocli does not look into groups of options. */
    private void refuseRepetition(ParseResult parsed) {
        for (OptionSpec option : parsed.commandSpec().options()) {
            if (!option.isMultiValue() && option.originalStringValues().size() > 1) {
                throw new CommandLine.ParameterException(line, option.longestName() + " stands twice");
            }
        }
    }

    private int subcommand(ParseResult parsed) {
        if (parsed.isUsageHelpRequested()) {
            parsed.commandSpec().commandLine().usage(out);
            return 0;
        }
        Subcommand command = (Subcommand) parsed.commandSpec().userObject();
        try {
            return command.run(out);
        } catch (ConfigException e) {
            return Main.refuse(command.source(), e, err);
        } catch (IllegalArgumentException e) {
            err.println("error: " + e.getMessage());
            return command.usageError();
        }
    }
}
