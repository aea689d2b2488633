package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.Subject;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an Envoy file says of trailers of requests towards backends that speak HTTP/1.1: enable_trailers of a cluster. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
class UpstreamTrailersFieldsTest {
    /** Where the options of HTTP/1.1 stand: in the cluster itself, or in one of the blocks that came later. */
    private static final String OLD = "http_protocol_options: { %s }";

    private static final String BLOCK = """
            typed_extension_protocol_options:
              envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
            """;
    private static final String EXPLICIT = BLOCK + "    explicit_http_config: { http_protocol_options: { %s } }";
    private static final String AS_THE_BROWSER =
            BLOCK + "    use_downstream_protocol_config: { http_protocol_options: { %s } }";

    @Parameter
    private Subject subject;

    /** The request of a browser with HTTP/2 as it reaches the backend. */
    private Http1Backend.Request request(String cluster) {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway =
                        subject.start(new EnvoyFile(backend.port()).http1().with("CLUSTER", cluster));
                Http2Browser browser = new Http2Browser(gateway.port())) {
            Http2Browser.Call call = browser.call("/a");
            call.send(Frames.F3);
            browser.peer()
                    .headers(
                            call.exchange().id(),
                            new DefaultHttp2Headers(false)
                                    .add("x-checksum", "1a2b")
                                    .add("x-last", "yes"),
                            true);
            assertThat(call.answer().text()).isEqualTo("ok");
            return backend.next();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {OLD, EXPLICIT})
    void theyReachTheBackendWhereTheFileSaysSo(String place) {
        Http1Backend.Request with = request(place.formatted("enable_trailers: true"));
        assertThat(with.body()).isEqualTo("\0\0\0\0\3\n\1a");
        assertThat(with.trailers()).containsExactly("x-checksum: 1a2b", "x-last: yes");
    }

    @ParameterizedTest
    @ValueSource(strings = {OLD, EXPLICIT})
    void otherwiseTheBackendSeesTheBodyAlone(String place) {
        for (String cluster : List.of(place.formatted(""), place.formatted("enable_trailers: false"))) {
            Http1Backend.Request without = request(cluster);
            assertThat(without.body()).isEqualTo("\0\0\0\0\3\n\1a");
            assertThat(without.trailers()).isEmpty();
        }
    }

    @Test
    void anHttp1BrowserNeedsTheOptionOfTheListenerToo() {
        for (boolean both : new boolean[] {true, false}) {
            try (Http1Backend backend = new Http1Backend();
                    Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                            .http1()
                            .with("CLUSTER", AS_THE_BROWSER.formatted("enable_trailers: true"))
                            .with("MANAGER", "http_protocol_options: { enable_trailers: " + both + " }"));
                    Http1Browser browser = new Http1Browser(gateway.port())) {
                String head = "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
                browser.raw(head + "5\r\nhello\r\n0\r\nx-last: yes\r\n\r\n");
                assertThat(browser.next().readAll().text()).isEqualTo("ok");
                Http1Backend.Request seen = backend.next();
                assertThat(seen.body()).isEqualTo("hello");
                assertThat(seen.trailers()).isEqualTo(both ? List.of("x-last: yes") : List.of());
            }
        }
    }
}
