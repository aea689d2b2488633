package io.grpcweb.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The configuration of the demo's gateway, in a file that goes with the demo. */
final class DemoGateway implements AutoCloseable {
    /** What is below /staff/ needs a token and is limited; everything else is open to the page. */
    private static final String TEXT = """
            listeners.main {
              listen = "%1$s"
              cors { origins = ["%2$s"] }
              connect = on
              filters = [
                cors, connect, grpc-web,
                { type = jwt-authn, disabled = true,
                  providers { desk { issuer = "%3$s", audiences = [%4$s],
                    keys { uri = "%2$s/keys.json", cluster = page, hold-listener = false } } },
                  rules = [{ prefix = "/", requires { provider = desk } }] },
                { type = rate-limit, disabled = true, bucket { max = 5, fill = 5, interval = 10s } },
                { type = recorder },
                router
              ]
              local-replies = [{ when { response-flags = [RL] }, body = "five calls in ten seconds are enough: wait a moment" }]
              routes = [
                { prefix = "/staff/", prefix-rewrite = "/", cluster = backend, filters { jwt-authn = on, rate-limit = on } },
                { prefix = "/", cluster = backend }
              ]
            }
            clusters {
              backend { endpoints = [%5$s] }
              page { endpoints = ["127.0.0.1:%6$d"], protocol = http1 }
            }
            admin.listen = "%7$s"
            """;

    private final Path file;

    /**
     * Writes the file.
     *
     * @param listen address and port of the gateway
     * @param pagePort where the page and the keys are
     * @param backends addresses with their ports, each in quotation marks, joined by commas
     * @param admin address and port of its admin pages
     */
    DemoGateway(String listen, int pagePort, String backends, String admin) throws IOException {
        file = Files.createTempFile("order-desk", ".conf");
        Files.writeString(
                file,
                TEXT.formatted(
                        listen,
                        "http://127.0.0.1:" + pagePort,
                        TokenIssuer.ISSUER,
                        TokenIssuer.AUDIENCE,
                        backends,
                        pagePort,
                        admin));
    }

    Path file() {
        return file;
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
