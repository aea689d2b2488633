package io.grpcweb.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;

/** The texts are what Envoy 1.40 wrote about the same certificate. */
class CertificateTextTest {
    private static X509Certificate certificate() throws Exception {
        try (InputStream in = CertificateTextTest.class.getResourceAsStream("names.pem")) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    @Test
    void aSubjectIsWrittenFromItsEndWithAllThatIsSpecialEscaped() throws Exception {
        assertThat(CertificateText.subject(certificate()))
                .isEqualTo("CN=\\C3\\A4lice+OU=Web,O=Acme\\, Inc\\;=x\\\"y\\\\z,C=DE");
        assertThat(CertificateText.issuer(certificate())).isEqualTo("CN=Test CA");
    }

    @Test
    void namesAreListedByKind() throws Exception {
        assertThat(CertificateText.names(certificate(), CertificateText.URI_NAME))
                .isEqualTo(List.of("spiffe://acme/alice", "spiffe://acme/a,b;c=d"));
        assertThat(CertificateText.names(certificate(), CertificateText.DNS_NAME))
                .isEqualTo(List.of("alice.example", "b;=\"x\\.example"));
    }

    @Test
    void partsHaveTheNamesOfOpenSsl() {
        assertThat(DistinguishedName.of(new X500Principal(
                        "EMAILADDRESS=a@b.example, STREET=Way 1, SERIALNUMBER=7, UID=u, DC=d, CN=\\#x")))
                .isEqualTo("emailAddress=a@b.example,street=Way 1,serialNumber=7,UID=u,DC=d,CN=\\#x");
        assertThat(DistinguishedName.of(new X500Principal("OID.1.2.3.4=q"))).isEqualTo("1.2.3.4=#130171");
        assertThat(DistinguishedName.of(new X500Principal(""))).isEmpty();
    }
}
