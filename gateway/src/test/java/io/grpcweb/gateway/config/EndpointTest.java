package io.grpcweb.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import org.junit.jupiter.api.Test;

class EndpointTest {
    @Test
    void aServerInThisProcessHasANameAlone() throws ConfigException {
        assertThat(Endpoint.parse("local:orders")).hasValueSatisfying(one -> {
            assertThat(one).isEqualTo(Endpoint.local("orders")).hasToString("local:orders");
            assertThat(one.hasPort()).isFalse();
            assertThat(one.isPipe()).isFalse();
        });
        assertThat(Endpoint.parse("local:")).isEmpty();

        ClusterConfig cluster = Configs.parse("listeners.main {}, clusters.backend.endpoints = [\"local:orders\"]", "x")
                .clusters()
                .get(0);
        assertThat(cluster.isLocal()).isTrue();
        assertThat(cluster.discovery().type()).isEqualTo(ClusterConfig.Discovery.Type.STATIC);
    }

    @Test
    void nothingElseIsInThisProcess() {
        assertThatThrownBy(() -> Configs.parse("""
                        listeners.main { listen = "local:orders", routes = [{ prefix = "/", cluster = a }] }
                        clusters.a { endpoints = ["localhost:1"], dns.servers = ["local:10.0.0.53"] }
                        """, "local.conf"))
                .isInstanceOfSatisfying(ConfigException.class, wrong -> assertThat(wrong.problems())
                        .extracting(ConfigProblem::line, ConfigProblem::path)
                        .containsExactly(tuple(1, "listeners.main.listen"), tuple(2, "clusters.a.dns.servers")));
    }
}
