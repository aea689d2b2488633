package io.grpcweb.gateway.upstream.discovery;

import static io.grpcweb.gateway.upstream.Fixtures.endpoint;
import static io.grpcweb.gateway.upstream.Fixtures.locality;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.upstream.Fixtures;
import io.grpcweb.gateway.upstream.host.HealthFlag;
import io.grpcweb.gateway.upstream.host.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MembershipTest {

    private static Membership membership() {
        return new Membership(Fixtures.cluster());
    }

    private static Membership checkedMembership() {
        return checkedMembership(false);
    }

    private static Membership checkedMembership(boolean forgetsHealthy) {
        return new Membership(Fixtures.cluster(
                forgetsHealthy,
                ClusterConfig.Discovery.Type.STATIC,
                ClusterConfig.Balancer.ROUND_ROBIN,
                Optional.empty(),
                List.of(Fixtures.healthCheck(ClusterConfig.HealthCheck.Kind.TCP, false, "", List.of()))));
    }

    private static List<Discovery.Found> found(int... numbers) {
        List<Discovery.Found> found = new ArrayList<>();
        for (int number : numbers) {
            Host model = Fixtures.host(number);
            found.add(new Discovery.Found(locality("a", 0, 1), endpoint(number, 1), model.addresses()));
        }
        return found;
    }

    @Test
    void whoStaysIsTheSameEndpoint() {
        Membership membership = membership();
        membership.update(found(1, 2), 0);
        Host second = membership.members().get(1);
        Membership.Change change = membership.update(found(2, 3), 0);
        assertThat(membership.members().get(0)).isSameAs(second);
        assertThat(change.added()).hasSize(1);
        assertThat(change.removed()).hasSize(1);
        assertThat(membership.update(found(2, 3), 0).any()).isFalse();
    }

    @Test
    void anAddressThatIsListedTwiceIsTwoEndpoints() {
        Membership membership = membership();
        membership.update(found(1, 1), 0);
        assertThat(membership.members()).hasSize(2).doesNotHaveDuplicates();
        assertThat(membership.update(found(1, 1), 0).any()).isFalse();
    }

    @Test
    void underHealthChecksNewOnesMustPassFirst() {
        Membership membership = checkedMembership();
        membership.update(found(1), 0);
        assertThat(membership.members().get(0).healthFlags()).isEqualTo("/failed_active_hc");
    }

    @Test
    void underHealthChecksOneThatIsGoneStaysWhileItIsWell() {
        Membership membership = checkedMembership();
        membership.update(found(1, 2), 0);
        Host first = membership.members().get(0);
        first.clear(HealthFlag.FAILED_ACTIVE_HC);
        Host second = membership.members().get(1);
        assertThat(membership.update(found(3), 0).removed()).containsExactly(second);
        assertThat(first.healthFlags()).isEqualTo("/pending_dynamic_removal");
        assertThat(membership.members()).contains(first);
        assertThat(membership.prune().any()).isFalse();
        first.set(HealthFlag.FAILED_ACTIVE_HC);
        assertThat(membership.prune().removed()).containsExactly(first);
        assertThat(membership.members()).hasSize(1);
    }

    @Test
    void whereTheClusterSaysSoOneThatIsGoneGoesAlthoughItIsWell() {
        Membership membership = checkedMembership(true);
        membership.update(found(1), 0);
        Host first = membership.members().get(0);
        first.clear(HealthFlag.FAILED_ACTIVE_HC);
        assertThat(membership.update(List.of(), 0).removed()).containsExactly(first);
    }

    @Test
    void oneThatIsNamedAgainBelongsAgain() {
        Membership membership = checkedMembership();
        membership.update(found(1), 0);
        Host first = membership.members().get(0);
        first.clear(HealthFlag.FAILED_ACTIVE_HC);
        membership.update(List.of(), 0);
        membership.update(found(1), 0);
        assertThat(membership.members()).containsExactly(first);
        assertThat(first.healthFlags()).isEqualTo("healthy");
    }
}
