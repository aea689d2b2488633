package io.grpcweb.gateway.selftest;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;

/** Makes calls in one way. */
final class Caller {
    /** The page that calls. */
    static final String ORIGIN = "https://selftest.example";

    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final Wire wire;
    private final HttpClient client;
    private final URI base;

    /**
     * Of a gateway on the loopback.
     *
     * @param clearPort of its listener in cleartext
     * @param securedPort of its listener with TLS, without which the client speaks no HTTP/2
     * @param trust trusts its certificate
     */
    Caller(Wire wire, int clearPort, int securedPort, SSLContext trust) {
        this.wire = wire;
        this.client = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .sslContext(trust)
                .version(wire.isHttp2() ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
                .build();
        String scheme = wire == Wire.WEB_SOCKET ? "ws" : wire.isHttp2() ? "https" : "http";
        this.base = URI.create(scheme + "://127.0.0.1:" + (wire.isHttp2() ? securedPort : clearPort) + "/");
    }

    /** Begins a call of a method with these fields. */
    WebCall call(String method, Map<String, String> fields) throws IOException {
        URI uri = base.resolve("/" + method);
        return wire == Wire.WEB_SOCKET ? new SocketCall(client, uri, fields) : new HttpCall(client, uri, wire, fields);
    }

    /** Begins a call of the test service. */
    WebCall test(String method) throws IOException {
        return call(InteropService.NAME + "/" + method, Map.of());
    }
}
