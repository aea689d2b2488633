package io.grpcweb.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.http.ConnectionInfo;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.http.TlsFacts;
import io.grpcweb.gateway.testing.Copy;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom a request is said to be from, by the lines of x-forwarded-for that came and by what the configuration believes. */
class ClientIdentityTest {
    private static final HttpConfig.Identity SETTINGS = Copy.of(HttpConfig.Identity.DEFAULT)
            .with("generateRequestId", false)
            .get();

    private static final String PEER = "203.0.113.9";
    private static final TlsFacts TLS = new TlsFacts("TLSv1.3", "TLS_AES_128_GCM_SHA256", null, null, null);

    /** Every field of Envoy's that only the gateway's own configuration may set. */
    private static final List<String> CONTROL = List.of(
            "x-envoy-decorator-operation",
            "x-envoy-downstream-service-cluster",
            "x-envoy-downstream-service-node",
            "x-envoy-expected-rq-timeout-ms",
            "x-envoy-external-address",
            "x-envoy-force-trace",
            "x-envoy-hedge-on-per-try-timeout",
            "x-envoy-internal",
            "x-envoy-ip-tags",
            "x-envoy-max-retries",
            "x-envoy-original-url",
            "x-envoy-retriable-header-names",
            "x-envoy-retriable-status-codes",
            "x-envoy-retry-grpc-on",
            "x-envoy-retry-on",
            "x-envoy-upstream-alt-stat-name",
            "x-envoy-upstream-rq-per-try-timeout-ms",
            "x-envoy-upstream-rq-timeout-alt-response",
            "x-envoy-upstream-rq-timeout-ms");

    private static StreamInfo apply(HttpConfig.Identity settings, String peer, TlsFacts tls, Http2Headers head) {
        StreamInfo info =
                new StreamInfo(new ConnectionInfo(1, "web", null, new InetSocketAddress(peer, 4711), tls, null), 1);
        new ClientIdentity(settings).apply(head, info, List.of());
        return info;
    }

    private static HttpConfig.Identity identity(boolean useRemoteAddress, int trustedHops, boolean skipAppend) {
        return Copy.of(SETTINGS)
                .with("useRemoteAddress", useRemoteAddress)
                .with("trustedHops", trustedHops)
                .with("skipXffAppend", skipAppend)
                .get();
    }

    private static Http2Headers head(String... fields) {
        Http2Headers head = new DefaultHttp2Headers(false);
        for (int i = 0; i < fields.length; i += 2) {
            head.add(fields[i], fields[i + 1]);
        }
        return head;
    }

    private static String text(CharSequence value) {
        return value == null ? null : value.toString();
    }

    /**
     * The settings are use_remote_address, skip_xff_append and the trusted hops; lines that came stand with a semicolon
     * between them, the farthest first, as they do in the request.
     */
    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // settings   | hops | lines that came          | x-forwarded-for                  | external    |
                // client
                "believe      | 0    | -                        | -                                | -           | -",
                "believe      | 0    | 1.1.1.1                  | 1.1.1.1                          | -           | 1.1.1.1",
                "believe      | 0    | 1.1.1.1, 2.2.2.2         | 1.1.1.1, 2.2.2.2                 | -           | 2.2.2.2",
                "believe      | 0    | 1.1.1.1; 2.2.2.2         | 1.1.1.1,2.2.2.2                  | -           | 2.2.2.2",
                "believe      | 1    | 1.1.1.1; 2.2.2.2         | 1.1.1.1,2.2.2.2                  | -           | 1.1.1.1",
                "believe      | 2    | 1.1.1.1; 2.2.2.2         | 1.1.1.1,2.2.2.2                  | -           | -",
                "believe      | 1    | 6.6.6.6, 1.1.1.1; 2.2.2.2; 3.3.3.3 | 6.6.6.6, 1.1.1.1,2.2.2.2,3.3.3.3 | - | 2.2.2.2",
                "peer         | 0    | -                        | 203.0.113.9                      | 203.0.113.9 | -",
                "peer         | 0    | 6.6.6.6                  | 6.6.6.6,203.0.113.9              | 203.0.113.9 | -",
                "peer         | 0    | 6.6.6.6; 7.7.7.7         | 6.6.6.6,7.7.7.7,203.0.113.9      | 203.0.113.9 | -",
                "peer         | 1    | 6.6.6.6; 1.1.1.1         | 6.6.6.6,1.1.1.1,203.0.113.9      | 1.1.1.1     | 1.1.1.1",
                "peer         | 1    | 1.1.1.1; 6.6.6.6         | 1.1.1.1,6.6.6.6,203.0.113.9      | 6.6.6.6     | 6.6.6.6",
                "peer         | 2    | 6.6.6.6; 1.1.1.1; 2.2.2.2| 6.6.6.6,1.1.1.1,2.2.2.2,203.0.113.9 | 1.1.1.1  | 1.1.1.1",
                "peer         | 2    | 6.6.6.6, 1.1.1.1; 2.2.2.2| 6.6.6.6, 1.1.1.1,2.2.2.2,203.0.113.9 | 1.1.1.1 | 1.1.1.1",
                "peer         | 2    | 1.1.1.1                  | 1.1.1.1,203.0.113.9              | 203.0.113.9 | -",
                "peer         | 1    | -                        | 203.0.113.9                      | 203.0.113.9 | -",
                "peer         | 1    | 6.6.6.6; unknown         | 6.6.6.6,unknown,203.0.113.9      | 203.0.113.9 | -",
                "peer         | 1    | fd00::1                  | fd00::1,203.0.113.9              | fd00::1     | fd00::1",
                "peer no-append | 0  | -                        | -                                | 203.0.113.9 | -",
                "peer no-append | 0  | 6.6.6.6                  | 6.6.6.6                          | 203.0.113.9 | -",
                "peer no-append | 1  | 1.1.1.1                  | 1.1.1.1                          | 1.1.1.1     | 1.1.1.1",
            })
    void allLinesCountFromTheNearestHop(
            String settings, int hops, String lines, String forwarded, String external, String client) {
        Http2Headers head = head("x-envoy-external-address", "9.9.9.9");
        if (lines != null) {
            List.of(lines.split(";", -1)).forEach(line -> head.add("x-forwarded-for", line.strip()));
        }
        StreamInfo info =
                apply(identity(settings.startsWith("peer"), hops, settings.endsWith("no-append")), PEER, null, head);
        assertThat(text(head.get("x-forwarded-for"))).isEqualTo(forwarded);
        assertThat(head.getAll("x-forwarded-for")).hasSizeLessThanOrEqualTo(1);
        assertThat(text(head.get("x-envoy-external-address"))).isEqualTo(external);
        assertThat(info.clientAddress).isEqualTo(client);
    }

    @Test
    void aPeerOfIpv6IsWrittenWithoutBracketsAndZone() {
        Http2Headers head = head();
        apply(identity(true, 0, false), "2001:db8::7", null, head);
        assertThat(head.get("x-forwarded-for")).hasToString("2001:db8::7");
        assertThat(head.get("x-envoy-external-address")).hasToString("2001:db8::7");
    }

    /** With an x-forwarded-for there is a proxy between; the rows are those of Envoy's internal requests. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // networks, use_remote_address, hops, peer, x-forwarded-for, trusted
                "10.0.0.0/8, true,  0, 10.0.0.7,    -,                  true",
                "10.0.0.0/8, true,  1, 10.0.0.7,    -,                  true",
                "::1/128,    true,  0, ::1,         -,                  true",
                "10.0.0.0/8, true,  0, 203.0.113.9, -,                  false",
                "10.0.0.0/8, true,  0, 127.0.0.1,   -,                  false",
                "10.0.0.0/8, true,  0, 10.0.0.7,    10.1.1.1,           false",
                "10.0.0.0/8, true,  1, 10.0.0.7,    10.1.1.1,           false",
                "-,          true,  0, 10.0.0.7,    -,                  false",
                "10.0.0.0/8, false, 0, 10.0.0.7,    -,                  false",
                "10.0.0.0/8, false, 0, 203.0.113.9, 10.1.1.1,           true",
                "10.0.0.0/8, false, 0, 203.0.113.9, 8.8.8.8,            false",
                "10.0.0.0/8, false, 0, 203.0.113.9, '8.8.8.8,10.1.1.1', false",
                "10.0.0.0/8, false, 0, 203.0.113.9, '10.1.1.1,8.8.8.8', false",
                "10.0.0.0/8, false, 1, 203.0.113.9, 10.1.1.1,           false",
                "0.0.0.0/0,  false, 0, 203.0.113.9, nonsense,           false",
            })
    void envoysOwnFieldsAreTakenFromNobodyButATrustedCaller(
            String network, boolean useRemoteAddress, int hops, String peer, String forwarded, boolean trusted) {
        Http2Headers head = head("x-envoy-attempt-count", "1", "x-forwarded-client-cert", "By=evil");
        CONTROL.forEach(name -> head.add(name, "theirs").add(name, "again"));
        head.set("x-request-id", "theirs");
        if (forwarded != null) {
            head.add("x-forwarded-for", forwarded);
        }
        List<String> networks = network == null ? List.of() : List.of(network);
        apply(
                Copy.of(HttpConfig.Identity.DEFAULT)
                        .with("useRemoteAddress", useRemoteAddress)
                        .with("trustedHops", hops)
                        .with("trustedCallers", networks)
                        .get(),
                peer,
                null,
                head);
        for (String name : CONTROL) {
            if (!name.equals("x-envoy-external-address")) {
                assertThat(head.contains(name)).as(name).isEqualTo(trusted);
            }
        }
        assertThat(text(head.get("x-envoy-internal"))).isEqualTo(trusted ? "true" : null);
        // Who is trusted says whom the request is from, and which.
        assertThat(text(head.get("x-request-id")).equals("theirs")).isEqualTo(trusted || !useRemoteAddress);
        assertThat(head.contains("x-envoy-external-address")).isEqualTo(trusted || useRemoteAddress);
        assertThat("theirs".equals(text(head.get("x-envoy-external-address")))).isEqualTo(trusted);
        assertThat(head.contains("x-forwarded-client-cert")).isFalse();
        assertThat(head.get("x-envoy-attempt-count")).hasToString("1");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "false, 0, false, -,     http",
                "false, 0, true,  -,     https",
                "false, 0, false, https, https",
                "true,  0, false, https, http",
                "true,  0, true,  http,  https",
                "true,  1, false, https, https",
                "true,  1, true,  -,     https"
            })
    void theSchemeIsThatOfTheConnectionUnlessAProxyIsTrusted(
            boolean useRemoteAddress, int hops, boolean tls, String came, String expected) {
        Http2Headers head = came == null ? head() : head("x-forwarded-proto", came);
        apply(identity(useRemoteAddress, hops, false), PEER, tls ? TLS : null, head);
        assertThat(head.getAll("x-forwarded-proto")).map(CharSequence::toString).containsExactly(expected);
        assertThat(head.scheme()).hasToString(expected);
    }
}
