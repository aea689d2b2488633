package io.grpcweb.gateway.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Configs;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EndpointSharesTest {
    private final ClusterStats orders = new Stats().cluster("orders");

    private String problem(String cluster, int percent) {
        return new EndpointShares(Map.of(cluster, percent), name -> name.equals("orders") ? orders : null).problem();
    }

    @Test
    void theProblemIsSaidInNumbers() {
        orders.membershipTotal.set(3);
        orders.membershipHealthy.set(1);

        assertThat(problem("orders", 33)).isEmpty();
        assertThat(problem("orders", 34)).isEqualTo("cluster orders: 1 of 3 endpoints take calls, 34 % are wanted");
        assertThat(problem("other", 0)).isEqualTo("cluster other: there is none, 0 % are wanted");
        orders.membershipTotal.set(0);
        assertThat(problem("orders", 1)).isEqualTo("cluster orders: no endpoint, 1 % are wanted");
    }

    @Test
    void theOwnFormatNamesAClusterThatIsThere() throws ConfigException {
        String text = "listeners.main {}, clusters.orders.endpoints = [\"127.0.0.1:1\"], admin.ready-when { %s = 50 }";
        assertThat(Configs.parse(text.formatted("orders"), "x").admin())
                .hasValueSatisfying(admin -> assertThat(admin.readyWhen()).isEqualTo(Map.of("orders", 50)));
        assertThatThrownBy(() -> Configs.parse(text.formatted("other"), "x"))
                .hasMessageContaining("'ready-when' names 'other'");
    }
}
