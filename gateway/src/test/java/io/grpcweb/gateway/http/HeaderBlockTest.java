package io.grpcweb.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderBlockTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "gw.example",
                "gw.example:443",
                "a:0",
                "a:65535",
                "127.0.0.1:80",
                "[::1]",
                "[2001:db8::1]:8080",
                "a_b",
                "a%20b",
                "xn--bcher-kva.example"
            })
    void aHostWithAnOptionalPortIsAnAuthority(String text) {
        assertThat(HeaderBlock.isAuthority(text)).isTrue();
        assertThat(HeaderBlock.isAuthority(new AsciiString(text))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                "user@a",
                "u:p@a",
                "a/b",
                "a/../b?x#y",
                "a\\b",
                "a?b",
                "a#b",
                "a<b>",
                "a\"b",
                "a|b",
                "a,b",
                "a\tb",
                "a\r\nb",
                "a\0",
                "a\u007f",
                "\u00e9",
                ":80",
                "a:",
                "a:b",
                "a:-1",
                "a:+1",
                "a:65536",
                "a:99999",
                "a:000080",
                "a:80:80",
                "::1",
                "[::1",
                "[::1]x",
                "[::1]:",
                "[::1%25eth0]",
                "[1.2.3.4]",
                "[]",
                "a]",
                "a%2",
                "a%zz",
                "http://a/"
            })
    void anythingElseIsNone(String text) {
        assertThat(HeaderBlock.isAuthority(text)).isFalse();
        assertThat(HeaderBlock.isAuthority(AsciiString.of(text))).isFalse();
    }

    @Test
    void aPartOfLargerBytesIsLookedAtAlone() {
        AsciiString inner = new AsciiString("\r\nGET\r\n").subSequence(2, 5, false);
        assertThat(HeaderBlock.isToken(inner)).isTrue();
        assertThat(HeaderBlock.isTarget(inner)).isTrue();
        assertThat(HeaderBlock.isValue(inner)).isTrue();
    }

    @Test
    void eachOctetHasItsPlace() {
        for (int c = 0; c < 256; c++) {
            AsciiString text = new AsciiString(new byte[] {'a', (byte) c, 'b'});
            boolean control = c < ' ' || c == 0x7f;
            assertThat(HeaderBlock.isValue(text)).as("value %d", c).isEqualTo(!control || c == '\t');
            assertThat(HeaderBlock.isTarget(text)).as("target %d", c).isEqualTo(!control && c != ' ');
            boolean token = c < 128 && (Character.isLetterOrDigit(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
            assertThat(HeaderBlock.isToken(text)).as("token %d", c).isEqualTo(token);
        }
        assertThat(HeaderBlock.isToken("")).isFalse();
        assertThat(HeaderBlock.isValue("")).isTrue();
        assertThat(HeaderBlock.isValue("a\u010a")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "000", "099", "20", "2000", "20x", "+20", "2 0"})
    void aStatusHasThreeDigits(String text) {
        assertThat(HeaderBlock.isStatus(text)).isFalse();
        assertThat(HeaderBlock.isStatus("204")).isTrue();
    }

    @Test
    void aRequestSaysItsMethodItsSchemeAndItsPath() {
        assertThat(HeaderBlock.requestFault(request(), false)).isNull();
        assertThat(HeaderBlock.requestFault(request().method("GE T"), false)).isNotNull();
        assertThat(HeaderBlock.requestFault(request().path("/a b"), false)).isNotNull();
        for (String name : new String[] {":method", ":scheme", ":path"}) {
            Http2Headers head = request();
            head.remove(name);
            assertThat(HeaderBlock.requestFault(head, false)).as(name).isNotNull();
        }
    }

    @Test
    void anotherProtocolIsForConnectWhereItIsOffered() {
        assertThat(HeaderBlock.requestFault(request().add(":protocol", "websocket"), true))
                .isNotNull();
        Http2Headers connect = request().method("CONNECT").add(":protocol", "websocket");
        assertThat(HeaderBlock.requestFault(connect, false)).isNotNull();
        assertThat(HeaderBlock.requestFault(connect, true)).isNull();
    }

    private static Http2Headers request() {
        return new DefaultHttp2Headers(false)
                .method("GET")
                .scheme("http")
                .path("/")
                .authority("a");
    }
}
