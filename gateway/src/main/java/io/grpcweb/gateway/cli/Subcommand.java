package io.grpcweb.gateway.cli;

import io.grpcweb.gateway.config.ConfigException;
import java.io.PrintStream;

/** A job of the program beside serving; it prints something and ends. */
interface Subcommand {
    /** The name of the configuration, for messages. */
    String source();

    /** The exit code. */
    int run(PrintStream out) throws ConfigException;

    /** The exit code of a command line that is wrong. */
    default int usageError() {
        return 1;
    }
}
