package io.grpcweb.gateway.downstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Http1FieldsTest {
    private final HttpHeaders head = Http1Fields.heads().newHeaders();

    @Test
    void namesAreSharedInLowerCase() {
        head.add("X-User", "Ada");
        head.add("x-user", "Grace");
        Http2Headers shared = ((Http1Fields) head).shared();
        assertThat(shared.getAll("x-user")).extracting(CharSequence::toString).containsExactly("Ada", "Grace");
        shared.method("POST");
        assertThat(shared.iterator().next().getKey()).hasToString(":method");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:b", ":path", "ä"})
    void aNameIsAToken(String name) {
        assertThatThrownBy(() -> head.add(name, "1")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\rb", "a\nb", "a\0b"})
    void aValueHasNoLineEnds(String value) {
        assertThatThrownBy(() -> head.add("x-user", value)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length", "transfer-encoding", "Trailer"})
    void whatFramesAMessageIsNoTrailer(String name) {
        HttpHeaders trailers = Http1Fields.trailers().newHeaders();
        assertThatThrownBy(() -> trailers.add(name, "1")).isInstanceOf(IllegalArgumentException.class);
    }
}
