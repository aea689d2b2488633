package io.grpcweb.gateway.devtls;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.ConfigProblem;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.TlsConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gives the listeners of a configuration TLS with the certificate of a developer's machine: browsers speak HTTP/2 over TLS only, and
 * with HTTP/1.1 a page has six streams.
 */
public final class DevTls {
    private final DevCertificate certificate;

    private DevTls(DevCertificate certificate) {
        this.certificate = certificate;
    }

    /**
     * With the certificate of a folder, which is made there if need be.
     *
     * @throws IOException says what cannot be written
     */
    public static DevTls in(Path folder) throws IOException {
        return new DevTls(DevCertificate.in(folder, Instant.now()));
    }

    /** The folder of the user for what can be made again (XDG Base Directory Specification). */
    public static Path usualFolder(Map<String, String> environment, String home) {
        String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
        // A path that is not absolute is to be left out of account.
        Path base = !cache.isEmpty() && Path.of(cache).isAbsolute() ? Path.of(cache) : Path.of(home, ".cache");
        return base.resolve("grpc-web-gateway");
    }

    /**
     * The same configuration with TLS.
     *
     * @param source its name, for messages
     * @throws ConfigException names the listeners that have TLS of their own
     */
    public GatewayConfig on(GatewayConfig config, String source) throws ConfigException {
        List<ConfigProblem> secured = config.listeners().stream()
                .filter(listener ->
                        listener.chains().stream().anyMatch(chain -> chain.tls().isPresent()))
                .map(listener -> new ConfigProblem(
                        source,
                        0,
                        "",
                        "the listener '" + listener.name() + "' has TLS of its own; leave --dev-tls out, or its TLS"))
                .toList();
        if (!secured.isEmpty()) {
            throw new ConfigException(secured);
        }
        List<ListenerConfig> listeners = new ArrayList<>();
        for (ListenerConfig listener : config.listeners()) {
            listeners.add(
                    listener.address().isPipe()
                            ? listener
                            : listener.with(listener.chains().stream()
                                    .map(this::secured)
                                    .toList()));
        }
        return config.with(listeners, config.clusters());
    }

    private ListenerConfig.FilterChain secured(ListenerConfig.FilterChain chain) {
        TlsConfig.Downstream tls = new TlsConfig.Downstream(
                List.of(certificate.identity()),
                List.of("h2", "http/1.1"),
                Optional.empty(),
                false,
                TlsConfig.Params.DEFAULT);
        return chain.isHttp() ? chain.with(tls) : chain;
    }

    /** What was done, and how browsers come to trust it; a line each. */
    public List<String> words() {
        String file = certificate.chain().toString();
        List<String> lines = new ArrayList<>();
        lines.add("--dev-tls: the listeners speak TLS with a development certificate, "
                + (certificate.made() ? "which was made now: " : "which was there: ") + file);
        lines.add("it is for " + String.join(", ", certificate.names()) + ", and ends on " + certificate.until()
                + "; it is for this machine alone, not for production");
        lines.add("to trust it once:");
        lines.add("  Chromium, Linux:  certutil -d sql:$HOME/.pki/nssdb -A -t P,, -n grpc-web-gateway -i " + file);
        lines.add("  macOS:            security add-trusted-cert -r trustRoot -k"
                + " ~/Library/Keychains/login.keychain-db " + file);
        lines.add("  Windows:          certutil -user -addstore Root " + file);
        lines.add("  Firefox:          open the address of the gateway once, and accept the risk");
        lines.add("  Node, curl:       NODE_EXTRA_CA_CERTS=" + file + ", --cacert " + file);
        return lines;
    }
}
