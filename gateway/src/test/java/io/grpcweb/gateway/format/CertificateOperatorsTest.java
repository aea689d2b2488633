package io.grpcweb.gateway.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.AccessLogConfig.Format;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.http.TlsFacts;
import io.grpcweb.gateway.telemetry.Calls;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The lines are what Envoy 1.40 wrote about the same certificate. */
class CertificateOperatorsTest {
    private final StreamInfo info = Calls.unary();

    private String line(String format) {
        LineBuffer out = new LineBuffer();
        LogFormat.of(new Format.Text(format, false)).write(info, out);
        return new String(out.copy(), StandardCharsets.UTF_8);
    }

    private static X509Certificate certificate() throws Exception {
        try (InputStream in = CertificateOperatorsTest.class.getResourceAsStream("client.pem")) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    @Test
    void aCertificateIsDescribedAsByEnvoy() throws Exception {
        info.upstreamTls = new TlsFacts("TLSv1.2", "ECDHE-RSA-AES256-GCM-SHA384", "0a0b", null, certificate());
        info.upstreamServerName = "up.example";

        assertThat(
                        line(
                                "%UPSTREAM_TLS_VERSION%|%UPSTREAM_TLS_CIPHER%|%UPSTREAM_TLS_SESSION_ID%|%UPSTREAM_SERVER_NAME%"))
                .isEqualTo("TLSv1.2|ECDHE-RSA-AES256-GCM-SHA384|0a0b|up.example");
        assertThat(
                        line(
                                "%UPSTREAM_PEER_SUBJECT%|%UPSTREAM_PEER_ISSUER%|%UPSTREAM_PEER_URI_SAN%|%UPSTREAM_PEER_DNS_SAN%"))
                .isEqualTo("CN=cli,O=Client\\, Inc.|CN=cli,O=Client\\, Inc.|spiffe://c/1,spiffe://c/2|cli.example");
        assertThat(line("%UPSTREAM_PEER_CERT_V_START(%Y-%m-%d)%|%UPSTREAM_PEER_CERT_V_END(%s)%"))
                .isEqualTo("2026-11-21|2110608297");
        assertThat(line("%UPSTREAM_PEER_CERT%"))
                .startsWith("-----BEGIN%20CERTIFICATE-----%0AMIIDTzCCAjegAwIBAgICCrwwDQYJ")
                .endsWith("%2Fx38Zqe2AIlNbwZYf4%3D%0A-----END%20CERTIFICATE-----%0A");
    }

    @Test
    void theClientsCertificateHasSerialAndFingerprints() throws Exception {
        assertThat(Arrays.stream(CertificateOperators.all().keySet().toArray(String[]::new))
                        .filter(name -> name.startsWith("DOWNSTREAM_PEER_"))
                        .toList())
                .contains(
                        "DOWNSTREAM_PEER_SERIAL",
                        "DOWNSTREAM_PEER_FINGERPRINT_1",
                        "DOWNSTREAM_PEER_FINGERPRINT_256",
                        "DOWNSTREAM_PEER_CERT");
        StreamInfo call = Calls.over(new TlsFacts("TLSv1.3", "TLS_AES_128_GCM_SHA256", null, null, certificate()));
        LineBuffer out = new LineBuffer();
        LogFormat.of(new Format.Text(
                        "%DOWNSTREAM_PEER_SERIAL%|%DOWNSTREAM_PEER_FINGERPRINT_1%|%DOWNSTREAM_PEER_CERT_V_START%"
                                + "|%DOWNSTREAM_TLS_SESSION_ID%|%DOWNSTREAM_LOCAL_SUBJECT%",
                        false))
                .write(call, out);

        assertThat(new String(out.copy(), StandardCharsets.UTF_8))
                .isEqualTo("0abc|3e2a39057d434d157864c70695889c031ecea4de|2026-11-21T08:04:57.000Z|-|-");
    }

    @Test
    void withoutTlsThereIsNothing() {
        assertThat(
                        line(
                                "%UPSTREAM_PEER_SUBJECT%%DOWNSTREAM_PEER_SERIAL%%DOWNSTREAM_TLS_VERSION%%UPSTREAM_PEER_CERT_V_END%"))
                .isEqualTo("----");
    }
}
