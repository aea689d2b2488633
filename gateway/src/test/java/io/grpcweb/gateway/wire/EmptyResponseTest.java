package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.Http2Exchange;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Subject;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Responses that have no content, or may not have any. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record EmptyResponseTest(Subject subject) {
    private static final String PATH = "/wire.Service/Call";

    private Answer answer(String response) {
        try (Http1Backend backend = new Http1Backend(request -> response);
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port()).http1());
                Http1Browser browser = new Http1Browser(gateway.port())) {
            return browser.post(PATH, Frames.F3, "content-type", "application/grpc-web+proto");
        }
    }

    @Test
    void aResponseOfHttp1WithALengthOfZeroIsTrailersOnly() {
        Answer answer = answer("HTTP/1.1 200 OK\r\ncontent-type: application/grpc\r\ngrpc-status: 5\r\n"
                + "grpc-message: gone\r\ncontent-length: 0\r\n\r\n");
        assertThat(answer.header("grpc-status")).isEqualTo("5");
        assertThat(answer.header("grpc-message")).isEqualTo("gone");
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void aResponseOfHttp1ThatIsNotModifiedTellsNoStatus() {
        Answer answer = answer("HTTP/1.1 304 No\r\nx-a: 1\r\n\r\n");
        assertThat(answer.status()).isEqualTo(304);
        assertThat(answer.header("grpc-status")).isNull();
        assertThat(answer.header("x-a")).isEqualTo("1");
    }

    @Test
    void theConnectionOfAnEmptyResponseServesTheNextRequest() {
        try (Http1Backend backend = new Http1Backend(request -> "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port()).http1());
                Http1Browser browser = new Http1Browser(gateway.port())) {
            assertThat(browser.ask("GET", "/a").status()).isEqualTo(200);
            assertThat(browser.ask("HEAD", "/b").status()).isEqualTo(200);
            assertThat(browser.ask("GET", "/c").status()).isEqualTo(200);
            assertThat(backend.next().connection()).isZero();
            assertThat(backend.next().connection()).isZero();
            assertThat(backend.next().connection()).isZero();
        }
    }

    @Test
    void contentInAResponseToHeadNeverReachesTheClient() {
        try (ScriptedBackend backend = new ScriptedBackend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port()));
                Http2Browser browser = new Http2Browser(gateway.port())) {
            backend.on(PATH, seen -> {
                seen.awaitEnd();
                seen.head("content-type", "text/plain").lastData(Frames.F3);
            });
            Http2Headers head = Http2Browser.head(PATH);
            head.method("HEAD");
            Http2Exchange exchange = browser.peer().open(head, true);
            assertThat(exchange.awaitReset()).isEqualTo(Http2Error.INTERNAL_ERROR.code());
            assertThat(exchange.body()).isEmpty();
        }
    }
}
