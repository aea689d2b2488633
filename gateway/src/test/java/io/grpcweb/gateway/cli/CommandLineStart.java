package io.grpcweb.gateway.cli;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.runtime.RunningGateway;

/** A gateway inside of a test as a command line starts it. */
public final class CommandLineStart {
    private CommandLineStart() {}

    public static RunningGateway of(String... words) {
        CommandOptions options = PlainCommandLine.read(words, false).orElseThrow();
        try {
            GatewayConfig config = new ConfigurationSource(options).read();
            return RunningGateway.of(config, options.serverInfo(config.node()));
        } catch (ConfigException e) {
            throw new AssertionError(e);
        }
    }
}
