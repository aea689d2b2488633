package io.grpcweb.gateway.cli;

import io.grpcweb.gateway.logging.Logs;

/** The log tells faults alone while a command runs that prints itself what it finds. */
final class QuietLog implements AutoCloseable {

    QuietLog() {
        level("error");
    }

    private static void level(String name) {
        CommandOptions.Logging log = new CommandOptions.Logging();
        log.level = name;
        Logs.apply(log.settings());
    }

    @Override
    public void close() {
        level("info");
    }
}
