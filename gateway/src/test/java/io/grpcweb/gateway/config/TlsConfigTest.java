package io.grpcweb.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.TlsConfig.SecretRef;
import io.grpcweb.gateway.config.TlsConfig.SubjectAltName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TlsConfigTest {
    private static final Optional<TlsConfig.Source> CA = Optional.of(new TlsConfig.Source.File("ca.pem"));
    private static final SubjectAltName ANN =
            new SubjectAltName(SubjectAltName.Kind.DNS, new StringMatch.Exact("ann.example", false));

    private static Optional<TlsConfig.Downstream> judgedBy(SecretContent.Validation judge) {
        SecretRef ref = new SecretRef(
                "clients", new ResourceSource(new ResourceSource.Aggregated(), ResourceSource.FETCH_TIMEOUT));
        return new TlsConfig.Downstream(
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        true,
                        TlsConfig.Params.DEFAULT,
                        new TlsConfig.Secrets(List.of(), Optional.of(ref)))
                .with(asked -> Optional.of(judge));
    }

    @Test
    void anAuthorityFromElsewhereJudgesClients() {
        assertThat(judgedBy(new SecretContent.Validation(CA, false, false, List.of()))
                        .orElseThrow()
                        .clientCa())
                .isEqualTo(CA);
    }

    @Test
    void namesFromElsewhereJudgeClients() {
        assertThat(judgedBy(new SecretContent.Validation(CA, false, false, List.of(ANN)))
                        .orElseThrow()
                        .names())
                .containsExactly(ANN);
    }

    @Test
    void aListenerIsNotReadyWhereNobodyHasSignedTheNamesOfClients() {
        SecretContent.Validation judge = new SecretContent.Validation(Optional.empty(), false, false, List.of(ANN));
        assertThat(judgedBy(judge)).isEmpty();
        assertThat(judge.unfitForClients().orElseThrow()).contains("names of client certificates");
    }

    @Test
    void aListenerIsNotReadyWhereTheSystemsAuthoritiesWouldJudgeClients() {
        SecretContent.Validation judge = new SecretContent.Validation(Optional.empty(), true, false, List.of());
        assertThat(judgedBy(judge)).isEmpty();
        assertThat(judge.unfitForClients().orElseThrow()).contains("trusted_ca");
    }
}
