package io.grpcweb.gateway.cli;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.hocon.GatewayConf;
import io.grpcweb.gateway.devtls.SelfSigned;
import io.grpcweb.gateway.runtime.FilterKinds;
import io.grpcweb.gateway.runtime.Gateway;
import io.grpcweb.gateway.selftest.InteropBackend;
import io.grpcweb.gateway.selftest.ResultTable;
import io.grpcweb.gateway.selftest.SelfTest;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the interoperability tests of gRPC through a gateway that it starts for them. */
@Command(
        name = "selftest",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the interoperability tests of gRPC and gRPC-Web through a gateway that it starts on free ports of this machine,"
                    + " with a backend of its own, in binary and text, over HTTP/1.1, HTTP/2 and WebSocket, and prints a table.",
            "Exit code: 0 all passed, 1 some failed."
        })
final class SelfTestCommand implements Subcommand {
    private static final String CONF = """
            listeners {
              clear { listen = "127.0.0.1:0", access-log = [], cors.origins = ["%1$s"] }
              secured {
                listen = "127.0.0.1:0", access-log = [], cors.origins = ["%1$s"]
                tls { certificate { inline = \"""%2$s\""" }, key { inline = \"""%3$s\""" } }
              }
            }
            clusters.interop.endpoints = ["%4$s"]
            """;

    @Option(
            names = "--backend",
            paramLabel = "HOST:PORT",
            description = "Instead of the backend of its own, another that serves grpc.testing.TestService.")
    private String backend;

    @Override
    public String source() {
        return "";
    }

    @Override
    public int run(PrintStream out) throws ConfigException {
        try {
            if (backend != null) {
                return run(backend, out);
            }
            try (InteropBackend own = new InteropBackend()) {
                return run(own.address().toString(), out);
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("the self-test cannot begin: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private static int run(String backend, PrintStream out)
            throws ConfigException, IOException, GeneralSecurityException, InterruptedException {
        if (Endpoint.parse(backend).isEmpty()) {
            throw new IllegalArgumentException("--backend '" + backend + "' is not HOST:PORT");
        }
        Instant now = Instant.now();
        SelfSigned certificate = SelfSigned.make(
                "CN=selftest", List.of("127.0.0.1"), now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(1)));
        String text = CONF.formatted(SelfTest.origin(), certificate.chainPem(), certificate.keyPem(), backend);
        GatewayConfig config = GatewayConf.parse(text, "selftest", FilterKinds.ALL.ownFormats());
        Gateway gateway = Gateway.start(config, 2);
        try {
            ResultTable table = new SelfTest(port(gateway, 0), port(gateway, 1), trusting(certificate)).run();
            table.print(out);
            return table.failures().isEmpty() ? 0 : 1;
        } finally {
            gateway.stop();
        }
    }

    private static int port(Gateway gateway, int listener) {
        return ((InetSocketAddress) gateway.addresses().get(listener)).getPort();
    }

    private static SSLContext trusting(SelfSigned certificate) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry("selftest", certificate.certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
