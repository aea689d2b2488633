package io.grpcweb.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.stats.HttpStats;
import io.grpcweb.gateway.stats.Stats;
import io.grpcweb.gateway.telemetry.RecentEvents;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PagesTest {
    private final Stats stats = new Stats();
    private final FakeGateway gateway = new FakeGateway();
    private final PageTable pages = Pages.of(
            stats,
            new HistogramIntervals(stats),
            gateway,
            gateway,
            FakeGateway.INFO,
            format -> "",
            new RecentEvents(),
            new ConsoleDoor(gateway::backends, ImmediateEventExecutor.INSTANCE));

    private AdminResponse get(String uri) {
        return pages.answer(AdminRequest.of(HttpMethod.GET, uri, ""));
    }

    private AdminResponse post(String uri) {
        return pages.answer(AdminRequest.of(HttpMethod.POST, uri, ""));
    }

    @Test
    void statsAreFilteredByTheDottedName() {
        HttpStats http = stats.http("web");
        http.downstreamRqTotal.add(35);

        assertThat(get("/stats?filter=%5Ehttp%5C.web%5C.downstream_rq_(total%7Ctimeout)$")
                        .body())
                .isEqualTo("http.web.downstream_rq_timeout: 0\nhttp.web.downstream_rq_total: 35\n");
        assertThat(get("/stats?usedonly&filter=^http.web.downstream_rq_t").body())
                .isEqualTo("http.web.downstream_rq_total: 35\n");
        assertThat(get("/stats?format=json&filter=downstream_rq_total").body())
                .isEqualTo("{\"stats\":[{\"name\":\"http.web.downstream_rq_total\",\"value\":35}]}");
        assertThat(get("/stats?filter=(").status()).isEqualTo(400);
        assertThat(get("/stats?filter=(").body()).isEqualTo("Invalid re2 regex: missing closing ): (\n");
        assertThat(get("/stats?format=nonsense").body())
                .isEqualTo("usage: /stats?format=(html|active-html|json|prometheus|text)\n\n");
    }

    @Test
    void aHistogramIsShownAsQuantilesOrBuckets() {
        stats.http("web").downstreamRqTime.recordNanos(400_000);

        assertThat(get("/stats?filter=web.downstream_rq_time$").body())
                .startsWith("http.web.downstream_rq_time: P0(nan,0) P25(nan,0.125) P50(nan,0.25) ");
        assertThat(get("/stats?histogram_buckets=cumulative&filter=web.downstream_rq_time$")
                        .body())
                .startsWith("http.web.downstream_rq_time: B0.5(0,1) B1(0,1) ")
                .endsWith(" B3600000(0,1)\n");
    }

    @Test
    void thePrometheusPageHasEnvoysForm() {
        stats.cluster("echo").response(200);
        stats.cluster("echo").requestTime(1_500_000);

        assertThat(get("/stats/prometheus?filter=cluster.echo.upstream_rq_(2xx%7Ctime$)")
                        .body())
                .startsWith("""
                        # TYPE envoy_cluster_upstream_rq_xx counter
                        envoy_cluster_upstream_rq_xx{envoy_response_code_class="2",envoy_cluster_name="echo"} 1
                        # TYPE envoy_cluster_upstream_rq_time histogram
                        envoy_cluster_upstream_rq_time_bucket{envoy_cluster_name="echo",le="0.5"} 0
                        """)
                .endsWith("""
                        envoy_cluster_upstream_rq_time_bucket{envoy_cluster_name="echo",le="+Inf"} 1
                        envoy_cluster_upstream_rq_time_sum{envoy_cluster_name="echo"} 1.5
                        envoy_cluster_upstream_rq_time_count{envoy_cluster_name="echo"} 1
                        """);
        assertThat(get("/stats/prometheus?filter=^server.parent_connections").body())
                .isEqualTo("# TYPE envoy_server_parent_connections gauge\nenvoy_server_parent_connections{} 0\n");
    }

    @Test
    void clustersHaveLimitsAndEndpoints() {
        assertThat(get("/clusters").body())
                .contains("echo::observability_name::echo\n")
                .contains("echo::default_priority::max_requests::1024\n")
                .contains("echo::high_priority::max_retries::3\n")
                .contains("echo::127.0.0.1:50051::cx_active::1\n")
                .contains("echo::127.0.0.1:50051::rq_total::8\n")
                .contains("echo::127.0.0.1:50051::health_flags::/failed_active_hc\n")
                .contains("echo::127.0.0.1:50051::success_rate::-1\n");
        assertThat(get("/clusters?format=json").body())
                .contains("\"failed_active_health_check\": true")
                .contains("\"port_value\": 50051");
        assertThat(get("/clusters?filter=nobody").body()).isEmpty();
    }

    @Test
    void listenersAreNamedWithTheirAddress() {
        assertThat(get("/listeners").body()).isEqualTo("web::127.0.0.1:8080\n");
        assertThat(get("/listeners?format=json").body()).contains("\"name\": \"web\"");
    }

    @Test
    void theDumpHasEnvoysFrame() {
        assertThat(get("/config_dump").body())
                .contains("\"@type\": \"type.googleapis.com/envoy.admin.v3.ClustersConfigDump\"")
                .contains("\"connect_timeout\": \"0.25s\"")
                .contains("\"id\": \"node-7\"");
        assertThat(get("/config_dump?resource=bootstrap").status()).isEqualTo(400);
        assertThat(get("/config_dump?resource=dynamic_listeners").body()).isEqualTo("{ }\n");
        assertThat(get("/config_dump?resource=nonsense").status()).isEqualTo(404);
        assertThat(get("/config_dump?resource=nonsense").body()).isEqualTo("nonsense not found in config dump");
    }

    @Test
    void aReloadSaysWhatCameOfIt() {
        assertThat(post("/reload").body()).isEqualTo("OK\n");
        gateway.reload = Optional.of(new Controls.Reload(false, List.of("gateway.conf:3: no", "gateway.conf:4: no")));
        assertThat(post("/reload").status()).isEqualTo(400);
        assertThat(post("/reload").body()).isEqualTo("gateway.conf:3: no\ngateway.conf:4: no\n");
        assertThat(post("/reload?diff=/etc/other.conf").body()).isEqualTo("~ /etc/other.conf\n");
        gateway.reload = Optional.empty();
        assertThat(post("/reload").status()).isEqualTo(503);
        assertThat(get("/reload").status()).isEqualTo(405);
    }

    @Test
    void theDumpSaysWhyALaterConfigurationIsNotInForce() {
        gateway.failedReload = Optional.of(new Snapshots.FailedReload("gateway.conf:3: no", Instant.ofEpochSecond(1)));
        assertThat(get("/config_dump").body())
                .contains("\"error_state\": {\n    \"last_update_attempt\": \"1970-01-01T00:00:01Z\","
                        + "\n    \"details\": \"gateway.conf:3: no\"\n   }");
    }

    @Test
    void theDumpOfABootstrapIsTheDocument() {
        FakeGateway started = new FakeGateway();
        Map<String, Object> routes = Map.of("name", "r", "virtual_hosts", List.of());
        Map<String, Object> filter = Map.of("name", "hcm", "typed_config", Map.of("route_config", routes));
        Map<String, Object> listener =
                Map.of("name", "web", "filter_chains", List.of(Map.of("filters", List.of(filter))));
        started.document = Optional.of(Map.of(
                "node",
                Map.of("id", "n"),
                "static_resources",
                Map.of(
                        "listeners",
                        List.of(listener),
                        "clusters",
                        List.of(Map.of("name", "b"), Map.of("name", "c")),
                        "secrets",
                        List.of(Map.of("name", "s")))));
        ConfigDumpPage page = new ConfigDumpPage(started);

        assertThat(page.answer(AdminRequest.of(
                                HttpMethod.GET, "/config_dump?resource=static_clusters&name_regex=^b$", ""))
                        .body())
                .isEqualTo("""
                        {
                         "configs": [
                          {
                           "@type": "type.googleapis.com/envoy.admin.v3.ClustersConfigDump.StaticCluster",
                           "cluster": {
                            "@type": "type.googleapis.com/envoy.config.cluster.v3.Cluster",
                            "name": "b"
                           },
                           "last_updated": "1970-01-01T00:00:00Z"
                          }
                         ]
                        }
                        """);
        assertThat(page.answer(AdminRequest.of(HttpMethod.GET, "/config_dump?mask=bootstrap.node,static_secrets", ""))
                        .body())
                .isEqualTo("""
                        {
                         "configs": [
                          {
                           "@type": "type.googleapis.com/envoy.admin.v3.BootstrapConfigDump",
                           "bootstrap": {
                            "node": {
                             "id": "n"
                            }
                           }
                          },
                          {
                           "@type": "type.googleapis.com/envoy.admin.v3.SecretsConfigDump",
                           "static_secrets": [
                            {
                             "name": "s",
                             "secret": {
                              "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret",
                              "name": "s"
                             },
                             "last_updated": "1970-01-01T00:00:00Z"
                            }
                           ]
                          }
                         ]
                        }
                        """);
        assertThat(page.answer(AdminRequest.of(HttpMethod.GET, "/config_dump?mask=nonsense", ""))
                        .status())
                .isEqualTo(400);
        assertThat(page.answer(AdminRequest.of(HttpMethod.GET, "/config_dump?resource=static_route_configs", ""))
                        .body())
                .contains("\"name\": \"r\"");
        assertThat(page.answer(AdminRequest.of(HttpMethod.GET, "/config_dump?resource=static_listeners", ""))
                        .body())
                .contains("\"name\": \"web\"");
    }

    @Test
    void certificatesShowTheirDaysLeft() {
        assertThat(get("/certs").body())
                .contains("\"days_until_expiration\": \"10\"")
                .contains("\"valid_from\": \"2026-01-01T00:00:00Z\"")
                .contains("\"dns\": \"app.example\"");
    }

    @Test
    void levelsOfTheLogAreChanged() {
        assertThat(post("/logging").body()).startsWith("active loggers:\n").contains("  http: info\n");
        assertThat(post("/logging?level=debug").body()).contains("  upstream: debug\n");
        assertThat(post("/logging?paths=http:error,upstream:info").body()).contains("  http: error\n");
        assertThat(post("/logging?http=warn").body()).contains("  http: warning\n");
        assertThat(post("/logging?level=loud").status()).isEqualTo(400);
        assertThat(post("/logging?level=loud").body()).startsWith("error: unknown logger level\n\nusage: ");
        assertThat(post("/logging?nobody=info").body()).startsWith("error: unknown logger name\n");
    }

    @Test
    void serverInfoSaysHowItWasStarted() {
        assertThat(get("/server_info").body())
                .contains("\"version\": \"1.2.3\"")
                .contains("\"state\": \"LIVE\"")
                .contains("\"drain_time\": \"600s\"")
                .contains("\"cluster\": \"edge\"");
    }

    @Test
    void theHomePageHasALinkOrAButtonForEachPage() {
        assertThat(get("/").body())
                .contains("<a href=\"stats/prometheus\">/stats/prometheus</a>")
                .contains("<form method=\"post\" action=\"quitquitquit\"><button>/quitquitquit</button></form>");
    }
}
