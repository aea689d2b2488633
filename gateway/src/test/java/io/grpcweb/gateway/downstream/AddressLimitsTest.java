package io.grpcweb.gateway.downstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressLimitsTest {
    private static final long SECOND = 1_000_000_000L;

    private long now;

    private static InetAddress address(String text) {
        return NetUtil.createInetAddressFromIpAddressString(text);
    }

    @Test
    void anAddressHasSoManyConnectionsAtOnceAndItsNeighbourAsMany() {
        AddressLimits limits = new AddressLimits(2, 0, () -> now);
        assertThat(limits.opened(address("203.0.113.9"))).isTrue();
        assertThat(limits.opened(address("203.0.113.9"))).isTrue();
        assertThat(limits.opened(address("203.0.113.9"))).isFalse();
        assertThat(limits.opened(address("203.0.113.10"))).isTrue();
        limits.closed(address("203.0.113.9"));
        assertThat(limits.opened(address("203.0.113.9"))).isTrue();
    }

    @Test
    void anAddressMakesSoManyConnectionsInASecond() {
        AddressLimits limits = new AddressLimits(0, 4, () -> now);
        for (int i = 0; i < 4; i++) {
            assertThat(limits.opened(address("203.0.113.9"))).isTrue();
            limits.closed(address("203.0.113.9"));
        }
        assertThat(limits.opened(address("203.0.113.9"))).isFalse();
        now += SECOND / 2;
        assertThat(limits.opened(address("203.0.113.9"))).isTrue();
        assertThat(limits.opened(address("203.0.113.9"))).isTrue();
        assertThat(limits.opened(address("203.0.113.9"))).isFalse();
    }

    @Test
    void anAddressOfIpv6IsItsNetwork() {
        AddressLimits limits = new AddressLimits(1, 0, () -> now);
        assertThat(limits.opened(address("2001:db8:0:1::1"))).isTrue();
        assertThat(limits.opened(address("2001:db8:0:1:ffff::2"))).isFalse();
        assertThat(limits.opened(address("2001:db8:0:2::1"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "::1",
                "10.1.2.3",
                "172.16.0.1",
                "192.168.1.1",
                "169.254.1.1",
                "fe80::1",
                "fd00::1",
                "100.64.1.1"
            })
    void localAndPrivateAddressesHaveNoLimit(String text) {
        AddressLimits limits = new AddressLimits(1, 1, () -> now);
        for (int i = 0; i < 3; i++) {
            assertThat(limits.opened(address(text))).isTrue();
        }
        assertThat(limits.remembered()).isZero();
    }

    /** Who comes from ever new addresses does not fill the memory. */
    @Test
    void addressesThatAreGoneAreForgotten() {
        AddressLimits limits = new AddressLimits(2, 4, () -> now);
        for (int i = 0; i < 100_000; i++) {
            now += SECOND / 1000;
            InetAddress one = address("203." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255));
            assertThat(limits.opened(one)).isTrue();
            limits.closed(one);
        }
        assertThat(limits.remembered()).isLessThan(4096);
    }
}
