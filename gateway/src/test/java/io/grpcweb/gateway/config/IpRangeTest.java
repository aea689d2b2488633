package io.grpcweb.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpRangeTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.1, false",
        "10.0.0.1, 10.0.0.1, true",
        "10.0.0.1, 10.0.0.2, false",
        "10.0.0.0/31, 10.0.0.1, true",
        "200.0.0.0/1, 128.0.0.1, true",
        "0.0.0.0/0, 255.255.255.255, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::1, false",
        "2001:db8::/64, 2001:db8:0:0:1::, true",
        "2001:db8::/65, 2001:db8:0:0:8000::, false",
        "2001:db8::1/128, 2001:db8::1, true",
        "2001:db8::1/127, 2001:db8::2, false",
        "::/0, 2001:db8::1, true"
    })
    void theFirstBitsCount(String range, String address, boolean inside) throws UnknownHostException {
        assertThat(IpRange.parse(range).orElseThrow().contains(InetAddress.getByName(address)))
                .isEqualTo(inside);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0",
                "10.0.0.0/33",
                "10.0.0.0/x",
                "10.0.0.0/-1",
                "300.0.0.1",
                "host",
                "::::",
                "fe80::1%eth0"
            })
    void whatIsNoRangeIsNone(String text) {
        assertThat(IpRange.parse(text)).isEmpty();
    }
}
