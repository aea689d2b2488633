package io.grpcweb.gateway.cli;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.ConfigProblem;
import io.grpcweb.gateway.config.FilesRead;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.logging.Logs;
import io.grpcweb.gateway.runtime.Gateway;
import io.grpcweb.gateway.runtime.Host;
import io.grpcweb.gateway.source.FileSource;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The program: reads the command line and the configuration, then serves until it is told to end. */
public final class Main {
    /** More than anybody reads; a file that is no configuration at all may have one in each of a million lines. */
    private static final int MOST_PROBLEMS = 1000;

    /** How often the file of the configuration is looked at. */
    private static final Duration WATCH_PERIOD = Duration.ofSeconds(1);

    private Main() {}

    public static void main(String[] args) {
        HeadStart.begin();
        int code = run(args, System.out, System.err);
        if (code >= 0) {
            System.exit(code);
        }
    }

    /** The exit code; negative where the gateway ended by itself and there is nothing more to say. */
    static int run(String[] args, PrintStream out, PrintStream err) {
        String name = System.getProperty("gateway.command", "gateway");
        String[] words = splitWords(name.equals("envoy") ? withoutRest(args) : args);
        return PlainCommandLine.read(words, !name.equals("envoy"))
                .map(options -> start(options, out, err))
                .orElseGet(() -> new FullCommandLine(name, out, err).run(words, options -> start(options, out, err)));
    }

    private static int start(CommandOptions options, PrintStream out, PrintStream err) {
        try {
            Logs.apply(options.logging.settings());
            options.ignored.forEach(word -> log().debug("{} changes nothing here", word));
            return options.isValidation() ? validate(options, out, err) : serve(options, err);
        } catch (IllegalArgumentException e) {
            err.println("error: " + e.getMessage());
            return 1;
        }
    }

    private static int validate(CommandOptions options, PrintStream out, PrintStream err) {
        try {
            GatewayConfig config = new ConfigurationSource(options).read();
            warn(config);
            out.println("configuration '" + options.source() + "' OK");
            return 0;
        } catch (ConfigException e) {
            return refuse(options.source(), e, err);
        }
    }

    private static int serve(CommandOptions options, PrintStream err) {
        try {
            FilesRead files = new FilesRead();
            ConfigurationSource configuration = new ConfigurationSource(options);
            GatewayConfig config = configuration.read(files);
            warn(config);
            configuration.devTlsWords().forEach(err::println);
            if (config.usesTls()) {
                HeadStart.tls();
            }
            Logs.standApart();
            Optional<Surroundings> surroundings = Surroundings.of(options);
            int loops = options.eventLoops();
            Host host = surroundings.map(one -> one.host(loops)).orElseGet(() -> Host.process(loops));
            Gateway gateway = Gateway.start(config, host, options.serverInfo(config.node()));
            surroundings.ifPresent(one -> one.started(gateway));
            options.noteAdminAddress(gateway.adminAddress());
            follow(configuration, options, gateway, files);
            if (Rehearsal.isWanted()) {
                Rehearsal.play(gateway);
            }
            gateway.awaitEnd();
            return -1;
        } catch (ConfigException e) {
            return refuse(options.source(), e, err);
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (InterruptedException e) {
            return 1;
        } catch (Exception e) {
            log().error("The gateway cannot start: {}", e.getMessage() == null ? e.toString() : e.getMessage());
            log().debug("because of", e);
            return 1;
        }
    }

    /** Has the configuration read again when that is asked for, and when its file changes if that is wanted. */
    private static void follow(
            ConfigurationSource configuration, CommandOptions options, Gateway gateway, FilesRead files) {
        if (files.all().isEmpty()) {
            return;
        }
        FileSource source = new FileSource(configuration, gateway, files.all(), gateway.reloads());
        gateway.reloadFrom(source);
        if (options.watches(System.getProperty("gateway.command", "gateway"))) {
            source.watch(WATCH_PERIOD);
        }
    }

    static int refuse(String source, ConfigException failure, PrintStream err) {
        err.println("error initializing configuration '" + source + "':");
        List<ConfigProblem> problems = failure.problems();
        for (ConfigProblem problem : problems.subList(0, Math.min(problems.size(), MOST_PROBLEMS))) {
            err.println("  " + problem);
        }
        if (problems.size() > MOST_PROBLEMS) {
            err.println("  and " + (problems.size() - MOST_PROBLEMS) + " more");
        }
        return 1;
    }

    private static void warn(GatewayConfig config) {
        for (String warning : config.warnings()) {
            log().warn("{}", warning);
        }
    }

    private static Logger log() {
        return LoggerFactory.getLogger(Main.class);
    }

    /** What Envoy's parser does not look at: all behind {@code --}. */
    static String[] withoutRest(String[] args) {
        int end = 0;
        while (end < args.length && !args[end].equals("--") && !args[end].equals("--ignore_rest")) {
            end++;
        }
        return Arrays.copyOf(args, end);
    }

    /** Envoy's own parser takes {@code "-c FILE"} as one argument, and images are started that way. */
    static String[] splitWords(String[] args) {
        List<String> words = new ArrayList<>();
        for (String arg : args) {
            int space = arg.indexOf(' ');
            if (arg.startsWith("-") && space > 0 && arg.indexOf('=') < 0) {
                words.add(arg.substring(0, space));
                words.add(arg.substring(space + 1).strip());
            } else {
                words.add(arg);
            }
        }
        return words.toArray(String[]::new);
    }
}
