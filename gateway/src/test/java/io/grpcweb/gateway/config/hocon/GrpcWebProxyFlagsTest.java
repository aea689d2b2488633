package io.grpcweb.gateway.config.hocon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.TlsConfig;
import io.grpcweb.gateway.filter.cors.CorsPolicy;
import io.grpcweb.gateway.filter.healthcheck.HealthCheckConfig;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class GrpcWebProxyFlagsTest {

    private static GatewayConfig read(String flags) throws ConfigException {
        return Configs.parse(GrpcWebProxyFlags.convert(flags), "flags");
    }

    @Test
    void theUsualFlagsAreAGateway() throws ConfigException {
        GatewayConfig config = read(
                "--backend_addr=localhost:9090 --run_tls_server=false --allowed_origins https://a.example,https://b.example");

        ListenerConfig listener = config.listeners().get(0);
        assertThat(config.listeners()).hasSize(1);
        assertThat(listener.address()).isEqualTo(new Endpoint("0.0.0.0", 8080));
        assertThat(FirstListener.http(config).limits().messageBytes()).hasValue(4 * 1024 * 1024);
        CorsPolicy cors =
                CorsPolicy.of(FirstListener.virtualHost(config).filters()).orElseThrow();
        assertThat(cors.origins()).hasSize(2);
        assertThat(cors.allowHeaders()).isEqualTo("*");
        assertThat(cors.allowCredentials()).contains(true);
        assertThat(config.clusters().get(0).localities().get(0).hosts().get(0).address())
                .isEqualTo(new Endpoint("localhost", 9090));
    }

    @Test
    void theRarerFlagsToo() throws ConfigException {
        GatewayConfig config = read("--backend_addr=b:1 --run_tls_server=false --server_bind_address=127.0.0.1"
                + " --server_http_debug_port=9000 --allow_all_origins --backend_tls --backend_tls_noverify"
                + " --backend_default_authority=api.example:443 --server_http_max_write_timeout=1h"
                + " --server_http_max_read_timeout 5s --backend_max_call_recv_msg_size=1000 --enable_health_endpoint"
                + " --health_endpoint_name=healthz --enable_health_check_service --health_service_name=s"
                + " --enable_request_debug --backend_backoff_max_delay=3s --websocket_ping_interval=1s");

        HttpConfig http = FirstListener.http(config);
        assertThat(config.listeners().get(0).address()).isEqualTo(new Endpoint("127.0.0.1", 9000));
        assertThat(http.timeouts().streamMax()).isEqualTo(Duration.ofHours(1));
        assertThat(http.limits().messageBytes()).hasValue(1000);
        assertThat(http.timeouts().request()).isEqualTo(Duration.ofSeconds(5));
        assertThat(http.filters())
                .anyMatch(filter -> filter instanceof HealthCheckConfig check
                        && check.minHealthy().equals(Map.of("backend", 1)));
        assertThat(((RouteConfig.Forward) FirstListener.route(config).action())
                        .hostRewrite()
                        .literal())
                .contains("api.example:443");
        TlsConfig.Upstream tls = config.clusters().get(0).tls().orElseThrow();
        assertThat(tls.verify()).isFalse();
        assertThat(tls.sni()).contains("api.example");
        assertThat(config.clusters().get(0).healthChecks().get(0).service()).isEqualTo("s");
        assertThat(config.admin()).isPresent();
    }

    @Test
    void whatCannotBeIsSaidAtOnce() {
        assertThatThrownBy(() -> read("--use_websockets --backend_adr=x true"))
                .hasMessageContaining("--backend_adr: grpcwebproxy has no such flag; did you mean 'backend_addr'?")
                .hasMessageContaining("--use_websockets: not supported")
                .hasMessageContaining("--server_tls_cert_file")
                .hasMessageContaining("true: a flag such as");
    }
}
