package io.grpcweb.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.HttpConfig.Path.EscapedSlashes;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expected paths are what Envoy 1.40 sent to its backend. */
class PathFormTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                "/ok/a/../b,              /ok/b",
                "/ok/./b,                 /ok/b",
                "/ok/..,                  /",
                "/ok/%2e%2e/ok/x,         /ok/x",
                "/ok/%2E/y,               /ok/y",
                "/ok/%41%7e%5F%2d,        /ok/A~_-",
                "/ok/%2f,                 /ok/%2f",
                "/ok/a\\b,                /ok/a/b",
                "/ok/%zz,                 /ok/%zz",
                "/ok/%,                   /ok/%",
                "/ok/%3c%20,              /ok/%3c%20",
                "/ok/a/../../..,          /",
                "/../ok,                  /ok",
                "/ok/a/.,                 /ok/a/",
                "/ok/a/..,                /ok/",
                "/ok/..a,                 /ok/..a",
                "/ok/...,                 /ok/...",
                "/ok/%C3%A9,              /ok/%C3%A9",
                "/ok/a/%2e%2E,            /ok/",
                "/ok/%252e,               /ok/%252e",
                "/a/%%32e%%32e/b,         /a/%252e%252e/b",
                "/a/%%3030,               /a/%25030",
                "/%%32%65,                /%252e",
                "/%2%65,                  /%252e",
                "/%4%31,                  /%2541",
                "/%%34%31,                /%2541",
                "/%%32,                   /%2",
                "/%%32x,                  /%2x",
                "/%%41,                   /%A",
                "/%%3C,                   /%%3C",
                "/ok/;a=1/b@:!$&()*+=,    /ok/;a=1/b@:!$&()*+=",
            })
    void dotSegmentsGoAndUnreservedCharactersAreUnescaped(String path, String normal) {
        assertThat(PathForm.normalize(path)).isEqualTo(normal);
    }

    @Test
    void whatAPathMustNotHoldIsEscaped() {
        assertThat(PathForm.normalize("/<a>\"`{}|^")).isEqualTo("/%3Ca%3E%22%60%7B%7D%7C%5E");
    }

    @Test
    void anEscapedZeroIsNoPath() {
        assertThat(PathForm.normalize("/a%00b")).isNull();
    }

    @ParameterizedTest
    @CsvSource({"/ok//a///b/, /ok/a/b/", "//ok, /ok", "/ok, /ok", "///, /"})
    void slashesAreMerged(String path, String merged) {
        assertThat(PathForm.mergeSlashes(path)).isEqualTo(merged);
    }

    @Test
    void theQueryStaysAsItIs() {
        Http2Headers head = new DefaultHttp2Headers(false).path("/a/../b?c=/../d//e");
        new PathForm(new HttpConfig.Path(true, true, EscapedSlashes.KEEP_UNCHANGED)).apply(head);
        assertThat(head.path()).hasToString("/b?c=/../d//e");
    }

    @ParameterizedTest
    @CsvSource({
        "KEEP_UNCHANGED,        SERVE,    /a%2Fb",
        "REJECT_REQUEST,        REFUSE,   /a%2Fb",
        "UNESCAPE_AND_FORWARD,  SERVE,    /a/b",
        "UNESCAPE_AND_REDIRECT, REDIRECT, /a/b",
    })
    void escapedSlashesAreTreatedAsConfigured(EscapedSlashes action, PathForm.Outcome outcome, String path) {
        Http2Headers head = new DefaultHttp2Headers(false).path("/a%2Fb");
        assertThat(new PathForm(new HttpConfig.Path(false, false, action)).apply(head))
                .isEqualTo(outcome);
        assertThat(head.path()).hasToString(path);
    }
}
