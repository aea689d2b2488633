package io.grpcweb.gateway.check;

/** What to write into the configuration, in the words of its format. */
public enum Words {
    /** The gateway's own format. */
    OWN,
    /** An Envoy bootstrap. */
    ENVOY;

    private String of(String own, String envoy) {
        return this == OWN ? own : envoy;
    }

    String withTls() {
        return of(
                "write tls = true in the cluster, or tls { ca = ... }",
                "give the cluster a transport_socket with UpstreamTlsContext");
    }

    String withoutTls() {
        return of("take the tls of the cluster away", "take the transport_socket of the cluster away");
    }

    String http1() {
        return of(
                "write protocol = http1 if it is no gRPC server",
                "take http2_protocol_options away if it is no gRPC server");
    }

    String http2() {
        return of(
                "write protocol = http2 in the cluster",
                "give the cluster http2_protocol_options: {} (explicit_http_config of HttpProtocolOptions)");
    }

    String authority() {
        return of(
                "name the CA in tls.ca of the cluster", "name the CA in validation_context.trusted_ca of the cluster");
    }

    String serverName(String name) {
        return of(
                "write tls.sni = \"" + name + "\" in the cluster",
                "write sni: " + name + " and a fitting match_typed_subject_alt_names in the cluster");
    }

    String clientCertificate() {
        return of(
                "write tls.certificate and tls.key in the cluster",
                "write tls_certificates into the common_tls_context of the cluster");
    }

    String lookupFamily() {
        return of("write dns.family = auto in the cluster", "write dns_lookup_family: AUTO in the cluster");
    }

    String nameServers() {
        return of("see dns.servers of the cluster", "see typed_dns_resolver_config of the cluster");
    }

    String healthService(String name) {
        return of("health-checks.service = \"" + name + "\"", "grpc_health_check.service_name: \"" + name + "\"");
    }

    String grpcHealthCheck() {
        return of(
                "write health-checks = [{ kind = grpc }]", "write grpc_health_check: {} instead of http_health_check");
    }

    String withoutHealthCheck() {
        return of("take health-checks away", "take health_checks away");
    }

    String allowHeaders(String names) {
        return of("add them to cors.allow-headers: ", "add them to allow_headers of the cors policy: ") + names;
    }

    String exposeHeaders(String names) {
        return of("add them to cors.expose-headers: ", "add them to expose_headers of the cors policy: ") + names;
    }

    String origins(String origin) {
        return of(
                "add \"" + origin + "\" to cors.origins",
                "add { exact: \"" + origin + "\" } to allow_origin_string_match");
    }

    String policy() {
        return of(
                "write cors { origins = [...] } in the listener or route",
                "give the virtual host or route a cors policy");
    }

    String filter(String own, String envoy) {
        return of("add " + own + " to filters, before router", "add " + envoy + " to http_filters, before the router");
    }

    String route(String service, String cluster) {
        return of(
                "add a route { prefix = \"/" + service + "/\", cluster = " + cluster + " }",
                "add a route { match: { prefix: \"/" + service + "/\" }, route: { cluster: " + cluster + " } }");
    }
}
