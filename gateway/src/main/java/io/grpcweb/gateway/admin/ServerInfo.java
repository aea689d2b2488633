package io.grpcweb.gateway.admin;

import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What {@code /server_info} says of the process, as it was started.
 *
 * @param version of this build; asked for with the page, since it names the TLS library, which a start may do without
 * @param configPath as on the command line, or empty
 * @param configYaml as on the command line, but without keys; or empty
 * @param logLevel such as {@code info}
 * @param logPath or empty
 * @param logFormat in the signs of spdlog
 */
public record ServerInfo(
        Supplier<String> version,
        Instant started,
        int concurrency,
        String configPath,
        String configYaml,
        String logLevel,
        String componentLogLevel,
        String logPath,
        String logFormat,
        String serviceCluster,
        String serviceNode) {

    /** The same, where the YAML of the command line holds what is not to be shown. */
    public ServerInfo withConfigYaml(Map<String, Object> shown) {
        return new ServerInfo(
                version,
                started,
                concurrency,
                configPath,
                Json.pretty(shown),
                logLevel,
                componentLogLevel,
                logPath,
                logFormat,
                serviceCluster,
                serviceNode);
    }
}
