package io.grpcweb.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MainTest {
    private static final String CONF =
            "listeners.main.cors.origins = [\"https://a.example\"]\nclusters.backend.endpoints = [\"localhost:1\"]\n";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... args) {
        return Main.run(
                args,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void validationSaysOkInEnvoysWords(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("gateway.conf"), CONF);

        assertThat(run("--mode", "validate", "-c", file.toString())).isZero();
        assertThat(out()).isEqualTo("configuration '" + file + "' OK" + System.lineSeparator());
    }

    @Test
    void whatStandsBehindTwoHyphensIsIgnoredAsInEnvoy() {
        String[] words = {"-c", "a.yaml", "--", "--mode", "validate", "stray"};

        assertThat(Main.withoutRest(words)).containsExactly("-c", "a.yaml");
        assertThat(Main.withoutRest(new String[] {"-c", "a.yaml", "--ignore_rest", "stray"}))
                .containsExactly("-c", "a.yaml");
        assertThat(Main.withoutRest(new String[] {"-c", "a.yaml"})).containsExactly("-c", "a.yaml");
    }

    @Test
    void severalWordsMayStandInOneArgument(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("gateway.conf"), CONF);

        assertThat(run("-c " + file, "--mode validate", "-l off", "--concurrency 1", "--disable-hot-restart"))
                .isZero();
    }

    @Test
    void optionsThatMeanNothingHereAreAccepted() {
        assertThat(run(
                        "--backend",
                        "localhost:1",
                        "--mode",
                        "validate",
                        "--parent-shutdown-time-s",
                        "900",
                        "--base-id",
                        "1",
                        "--cpuset-threads",
                        "--restart-epoch",
                        "0",
                        "--service-cluster",
                        "c",
                        "--service-node",
                        "n",
                        "--drain-strategy",
                        "immediate"))
                .isZero();
        assertThat(out()).startsWith("configuration '' OK");
    }

    @Test
    void aBrokenConfigurationEndsWithOne(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("gateway.conf"), "listeners.main.listn = 1\n" + CONF);

        assertThat(run("--mode", "validate", "-c", file.toString())).isEqualTo(1);
        assertThat(err())
                .startsWith("error initializing configuration '" + file + "':")
                .contains(file + ":1: listeners.main.listn: unknown key; did you mean 'listen'?");
    }

    @Test
    void wrongOptionsEndWithOne() {
        assertThat(run("--bogus")).isEqualTo(1);
        assertThat(run("--mode", "dance", "--backend", "a:1")).isEqualTo(1);
        assertThat(run("--backend", "a:1", "--mode", "validate", "-l", "loud")).isEqualTo(1);
        assertThat(run("--backend", "a:1", "--mode", "validate", "--drain-strategy", "serve"))
                .isEqualTo(1);
        assertThat(run()).isEqualTo(1);
        assertThat(err())
                .contains("--bogus")
                .contains("unknown mode 'dance'")
                .contains("invalid log level specified 'loud'")
                .contains("unknown drain-strategy 'serve'")
                .contains("At least one of --config-path");
    }

    @Test
    void helpAndVersionArePrinted() {
        assertThat(run("--help")).isZero();
        assertThat(run("--version")).isZero();
        assertThat(out()).contains("USAGE: ", "--config-path").containsPattern("version: \\w+/[0-9.]+/\\w+/\\w+/\\w+");
    }

    @Test
    void thereIsNoHotRestart() {
        assertThat(run("--hot-restart-version")).isZero();
        assertThat(err()).isEqualTo("disabled");
    }

    @Test
    void anOptionThatStandsTwiceIsRefused() {
        assertThat(run("--backend", "a:1", "-l", "off", "-l", "info", "--mode", "validate"))
                .isEqualTo(1);
    }

    @Test
    void underTheNameOfEnvoyOnlyASpaceSeparatesAnOptionFromItsValue() {
        System.setProperty("gateway.command", "envoy");
        try {
            assertThat(run("--backend", "a:1", "--mode=validate")).isEqualTo(1);
            assertThat(run("--backend", "a:1", "--mode", "validate")).isZero();
        } finally {
            System.clearProperty("gateway.command");
        }
        assertThat(run("--backend=a:1", "--mode=validate")).isZero();
    }

    @Test
    void aBootstrapWithoutListenersIsGood() {
        assertThat(run("--mode", "validate", "--config-yaml", "{node: {id: a}}"))
                .isZero();
        assertThat(out()).isEqualTo("configuration '' OK" + System.lineSeparator());
    }

    @Test
    void theAddressOfTheAdminPagesIsWrittenWhereItIsAskedFor(@TempDir Path folder) throws Exception {
        CommandOptions options = new CommandOptions();
        options.running.adminAddressPath = folder.resolve("address");
        options.noteAdminAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9901));
        assertThat(folder.resolve("address")).hasContent("127.0.0.1:9901");
    }

    @Test
    void importPrintsTheOwnFormat(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("envoy.yaml"), ENVOY);

        assertThat(run("import", "-c", file.toString())).isZero();
        Path back = Files.writeString(folder.resolve("imported.conf"), out());
        assertThat(run("--mode", "validate", "-c", back.toString())).isZero();
    }

    @Test
    void explainNamesTheLineThatDecided(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("gateway.conf"), CONF);

        assertThat(run("explain", "-c", file.toString(), "--method", "a.B/C", "--origin", "https://a.example"))
                .isZero();
        assertThat(out())
                .contains("https://a.example is allowed by exact \"https://a.example\"")
                .contains(file + ":1: listeners.main.cors")
                .contains("backend: HTTP2 to localhost:1")
                .contains(file + ":2: clusters.backend")
                .contains("grpc-timeout is enforced");
    }

    /** Without a file, and with words behind two hyphens that are for the program that starts it alone. */
    @Test
    void theCommandLineOfEnvoyGateway() {
        assertThat(run(Main.withoutRest(
                        ("--mode|validate|--service-cluster|ns/eg|--service-node|eg-1|--config-yaml|" + ENVOY
                                        + "|--log-level|warn|--cpuset-threads|--drain-strategy|immediate|--component-log-level|misc:error"
                                        + "|--drain-time-s|60|--admin-address-path|a|--|--run-id|20261130_160643_907")
                                .split("\\|", -1))))
                .isZero();
    }

    /** Without those behind two hyphens. */
    @Test
    void theCommandLineOfTheAgentOfIstio(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("envoy-rev.yaml"), ENVOY);
        assertThat(run(("--mode|validate|-c|" + file + "|--drain-time-s|45|--drain-strategy|immediate"
                                + "|--local-address-ip-version|v4|--file-flush-interval-msec|1000|--disable-hot-restart"
                                + "|--allow-unknown-static-fields|-l|warning|--component-log-level|misc:error|--concurrency|2")
                        .split("\\|", -1)))
                .isZero();
    }

    @Test
    void explainNeedsAFileOrARunningGateway() throws Exception {
        assertThat(run("explain", "--method", "a.B/C")).isEqualTo(1);
        assertThat(err()).contains("one of --config-path and --admin is required");
    }

    private static final String GUARDED = """
            listeners.main { listen = "127.0.0.1:8080", routes = [{ cluster = backend }]
              filters = [
                cors, grpc-web,
                { type = rbac, policies { page { permissions = [{ path { prefix = "/a." } }]
                  principals = [{ all-of = [{ client-ip = ["10.0.0.0/8"] }, { field { name = x-role, exact = admin } }] }] } } },
                { type = header-mutation, request = [{ add = "x-edge: 1" }, { remove = x-role }] },
                { type = ext-authz, grpc { cluster = backend } },
                { type = health-check, match-headers = [{ name = ":path", exact = "/healthz" }] },
                { type = basic-auth, users = ["ann:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M="] },
                router
              ] }
            clusters.backend { endpoints = ["127.0.0.1:1"] }
            """;

    @Test
    void explainSaysWhatEachFilterDoesToTheCall(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("gateway.conf"), GUARDED);
        String[] call = {"explain", "-c", file.toString(), "--method", "a.B/C", "--header", "x-role: admin"};

        assertThat(run(call)).isZero();
        assertThat(out())
                .contains(
                        "rbac answers HTTP 403, grpc-status 7, \"RBAC: access denied"
                                + " (docs/errors.md#rbac_access_denied_matched_policy)\" (rbac_access_denied_matched_policy[none])",
                        file + ":4: listeners.main.filters[2]",
                        "header-mutation is not asked");
    }

    @Test
    void explainFollowsACallThatIsLetThrough(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("gateway.conf"), GUARDED);

        assertThat(run(
                        "explain",
                        "-c",
                        file.toString(),
                        "--method",
                        "a.B/C",
                        "--header",
                        "x-role: admin",
                        "--peer",
                        "10.1.2.3"))
                .isZero();
        assertThat(out())
                .contains(
                        "grpc-web lets it pass, and sets content-type: application/grpc",
                        "rbac lets it pass, and sets the metadata",
                        "header-mutation lets it pass, and sets x-edge: 1, removes x-role",
                        "ext-authz asks the cluster backend, which is not done here",
                        "basic-auth answers HTTP 401, grpc-status 16");
    }

    private static final String ENVOY = """
            static_resources:
              listeners:
              - address: { socket_address: { address: 127.0.0.1, port_value: 8080 } }
                filter_chains:
                - filters:
                  - name: envoy.filters.network.http_connection_manager
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                      stat_prefix: x
                      route_config:
                        virtual_hosts:
                        - { name: all, domains: ["*"], routes: [{ match: { prefix: / }, route: { cluster: b } }] }
                      http_filters:
                      - name: router
                        typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }
              clusters:
              - { name: b, type: STRICT_DNS, http2_protocol_options: {}, load_assignment: { cluster_name: b, endpoints: [
                  { lb_endpoints: [{ endpoint: { address: { socket_address: { address: b, port_value: 1 } } } }] }] } }
            """;
}
