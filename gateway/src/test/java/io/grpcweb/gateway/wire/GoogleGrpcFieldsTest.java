package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.config.ControlPlane;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.envoy.EnvoyBootstrap;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.Certificates;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.ProtoFields;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Subject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of a service with a target of gRPC in place of a cluster. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record GoogleGrpcFieldsTest(Subject subject) {
    private static final String PATH = "/wire.Service/Call";
    private static final String CHECK = "/envoy.service.auth.v3.Authorization/Check";

    @TempDir
    private static Path folder;

    private static Certificates certificates;
    private static Certificates others;

    @BeforeAll
    static void make() throws Exception {
        certificates = new Certificates(folder);
        others = new Certificates(Files.createDirectory(folder.resolve("others")));
    }

    private static EnvoyFile file(ScriptedBackend backend, String google) {
        return new EnvoyFile(backend.port()).with("BEHIND", """
                - name: guard
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz
                    transport_api_version: V3
                    status_on_error: { code: ServiceUnavailable }
                    grpc_service:
                      google_grpc: { stat_prefix: authz, %s }
                      timeout: 5s
                      initial_metadata: [{ key: x-from, value: edge }]
                """.formatted(google));
    }

    private static ScriptedBackend backend() {
        return new ScriptedBackend().on(PATH, call -> {
            call.awaitEnd();
            call.head().data(Frames.F3).trailers("grpc-status", "0");
        });
    }

    private static ScriptedBackend allowing(ScriptedBackend authz) {
        return authz.on(CHECK, call -> {
            call.awaitEnd();
            call.head().data(ProtoFields.of(3, ProtoFields.of()).frame()).trailers("grpc-status", "0");
        });
    }

    private static Answer call(Subject.Running gateway) {
        try (Browser browser = Browser.connect(2, gateway.port())) {
            return browser.post(PATH, Frames.F3, "content-type", "application/grpc-web+proto");
        }
    }

    private void assertAsked(ScriptedBackend authz, String google, String authority) {
        try (ScriptedBackend backend = backend();
                Subject.Running gateway = subject.start(file(backend, google))) {
            Answer answer = call(gateway);

            assertThat(answer.status()).isEqualTo(200);
            BackendCall question = authz.next();
            assertThat(question.header(":authority")).isEqualTo(authority);
            assertThat(question.header("x-from")).isEqualTo("edge");
        }
    }

    @Test
    void targetsAreHostsAndAddressesWithPorts() {
        try (ScriptedBackend authz = allowing(new ScriptedBackend())) {
            String address = "127.0.0.1:" + authz.port();
            String name = "localhost:" + authz.port();
            assertAsked(authz, "target_uri: '" + address + "'", address);
            assertAsked(authz, "target_uri: 'ipv4:" + address + "'", address);
            assertAsked(authz, "target_uri: '" + name + "'", name);
            assertAsked(authz, "target_uri: 'dns:" + name + "'", name);
            assertAsked(authz, "target_uri: 'dns:///" + name + "'", name);
        }
    }

    private static String ssl(ScriptedBackend authz, String fields) {
        return "target_uri: 'localhost:" + authz.port() + "', channel_credentials: { ssl_credentials: { " + fields
                + " } }";
    }

    private int status(ScriptedBackend authz, String fields) {
        try (ScriptedBackend backend = backend();
                Subject.Running gateway = subject.start(file(backend, ssl(authz, fields)))) {
            return call(gateway).status();
        }
    }

    @Test
    void sslCredentialsTrustTheirRootsAlone() throws Exception {
        try (ScriptedBackend authz = allowing(new ScriptedBackend(certificates.listen("h2", false)))) {
            assertThat(status(authz, "root_certs: " + certificates.chainYaml())).isEqualTo(200);
            assertThat(status(authz, "root_certs: " + others.chainYaml())).isEqualTo(503);
            assertThat(status(authz, "")).isEqualTo(503);
        }
    }

    @Test
    void sslCredentialsMayHaveACertificate() throws Exception {
        try (ScriptedBackend authz = allowing(new ScriptedBackend(certificates.listen("h2", true)))) {
            String root = "root_certs: " + certificates.chainYaml();
            String own = ", cert_chain: " + certificates.chainYaml() + ", private_key: "
                    + Certificates.yaml(certificates.key());
            assertThat(status(authz, root + own)).isEqualTo(200);
            assertThat(status(authz, root)).isEqualTo(503);
        }
    }

    private static GatewayConfig read(String text) throws ConfigException {
        return EnvoyBootstrap.read(Optional.empty(), Optional.of(text), Configs.envoy(false, false));
    }

    @Test
    void servicesWithTheSameTargetShareAClusterAndAControlPlaneMayBeOne() throws Exception {
        GatewayConfig config = read("""
                dynamic_resources:
                  cds_config: { ads: {} }
                  ads_config:
                    api_type: GRPC
                    transport_api_version: V3
                    grpc_services: [{ google_grpc: { target_uri: plane.example, stat_prefix: xds } }]
                """ + new EnvoyFile(1).with("MANAGER", """
                        access_log:
                        - name: a
                          typed_config:
                            "@type": type.googleapis.com/envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig
                            common_config:
                              log_name: a
                              transport_api_version: V3
                              grpc_service:
                                google_grpc: { target_uri: "dns:///plane.example:443", stat_prefix: logs }
                        - name: b
                          typed_config:
                            "@type": type.googleapis.com/envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig
                            common_config:
                              log_name: b
                              transport_api_version: V3
                              grpc_service:
                                google_grpc:
                                  target_uri: plane.example
                                  stat_prefix: safe
                                  channel_credentials: { ssl_credentials: {} }
                        """).text());

        assertThat(config.dynamic().aggregated())
                .contains(new ControlPlane("google_grpc:plane.example:443", "plane.example", false, false, List.of()));
        assertThat(config.clusters())
                .extracting(cluster -> cluster.name() + " " + cluster.tls().isPresent())
                .containsExactly(
                        "backend false", "google_grpc:plane.example:443 false", "google_grpc:plane.example:443#2 true");
    }

    @Test
    void aSocketFileIsATarget() throws Exception {
        try (ScriptedBackend backend = new ScriptedBackend()) {
            for (String target : List.of("unix:/run/authz.sock", "unix:///run/authz.sock")) {
                GatewayConfig config = read(
                        file(backend, "target_uri: '" + target + "', channel_credentials: { local_credentials: {} }")
                                .text());

                assertThat(config.clusters().get(1).localities().get(0).hosts())
                        .containsExactly(ClusterConfig.Host.at(Endpoint.pipe("/run/authz.sock")));
            }
        }
    }

    @Test
    void whatIsNoTargetIsRefused() {
        for (String wrong : List.of(
                "target_uri: 'xds:///a'",
                "target_uri: 'dns:///'",
                "target_uri: 'a:1', channel_credentials: { google_default: {} }",
                "target_uri: '127.0.0.1:1', channel_credentials: { local_credentials: {} }",
                "target_uri: 'a:1', call_credentials: [{ access_token: secret }]",
                "target_uri: 'a:1', channel_credentials: { ssl_credentials: { cert_chain: " + certificates.chainYaml()
                        + " } }")) {
            try (ScriptedBackend backend = new ScriptedBackend()) {
                String text = file(backend, wrong).text();
                Assertions.assertThatThrownBy(() -> read(text))
                        .isInstanceOf(ConfigException.class)
                        .hasMessageContaining("google_grpc");
            }
        }
    }
}
