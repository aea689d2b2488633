package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Subject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file has be done with requests that have not come over TLS. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record RequireTlsFieldsTest(Subject subject) {
    /** The status, and where the caller is sent, of a request with these fields. */
    private String answered(String required, String manager, String... fields) {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("MANAGER", manager)
                        .with("HOST", "require_tls: " + required)
                        .with("ROUTES", "- match: { prefix: /only }\n  route: { cluster: backend }"))) {
            Answer answer = Http1Browser.once(gateway.port(), "GET", "/only/a?b=c", fields);
            return answer.status() + " " + answer.header("location");
        }
    }

    @Test
    void whatCameInCleartextIsSentToHttps() {
        String there = "301 https://shop.test:81/only/a?b=c";
        assertThat(answered("ALL", "", "host", "shop.test:81")).isEqualTo(there);
        assertThat(answered("ALL", "", "host", "shop.test", "x-forwarded-proto", "https"))
                .isEqualTo("200 null");
        assertThat(answered("NONE", "", "host", "shop.test")).isEqualTo("200 null");
        assertThat(answered("EXTERNAL_ONLY", "", "host", "shop.test:81")).isEqualTo(there);
    }

    @Test
    void callersFromWithinMayUseCleartextWhereTheFileSaysSo() {
        String within = "use_remote_address: true\ninternal_address_config:"
                + " { cidr_ranges: [ { address_prefix: 127.0.0.0, prefix_len: 8 } ] }";
        assertThat(answered("EXTERNAL_ONLY", within, "host", "shop.test")).isEqualTo("200 null");
        assertThat(answered("ALL", within, "host", "shop.test")).isEqualTo("301 https://shop.test/only/a?b=c");
    }
}
