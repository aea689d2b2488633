package io.grpcweb.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocationTest {
    @ParameterizedTest
    @CsvSource({
        "//evil.test/x, /evil.test/x",
        "///evil.test, /evil.test",
        "/\\evil.test, /evil.test",
        "\\\\evil.test, /evil.test",
        "\\/evil.test, /evil.test",
        "//@evil.test/, /@evil.test/",
        "//evil.test/.., /evil.test/..",
        "//, /",
    })
    void aPathNamesNoOtherHost(String path, String location) {
        assertThat(of(LocalReply.otherPath(path))).isEqualTo(location);
        assertThat(of(LocalReply.redirect(301, path))).isEqualTo(location);
    }

    @Test
    void whatABrowserLeavesOutHidesNoSlash() {
        assertThat(of(LocalReply.otherPath("/\t/evil.test"))).isEqualTo("/evil.test");
        assertThat(of(LocalReply.otherPath("/\r\n\\evil.test"))).isEqualTo("/evil.test");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/a//b", "/a/\\b", "", "/?//a", "https://a.test//b", "?x"})
    void otherPlacesStayAsTheyAre(String location) {
        assertThat(of(LocalReply.redirect(301, location))).isEqualTo(location);
    }

    private static String of(LocalReply reply) {
        return reply.headers().get(0).getValue();
    }
}
