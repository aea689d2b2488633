package io.grpcweb.gateway.filter.extauthz;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.ConnectionInfo;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.ExchangeTimers;
import io.grpcweb.gateway.http.FakeExchange;
import io.grpcweb.gateway.http.Protocol;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.http.TlsFacts;
import io.grpcweb.gateway.testing.Certificates;
import io.grpcweb.gateway.testing.ProtoFields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a service over gRPC is told; how the settings include_peer_certificate and include_tls_session show. */
final class CheckRequestTest {
    @TempDir
    private Path folder;

    private final Http2Headers head = new DefaultHttp2Headers(false)
            .method("POST")
            .path("/a.B/C?d=e")
            .scheme("https")
            .authority("gateway.test");

    private static ExtAuthzConfig.Shown shown(boolean certificate, boolean session, String... namespaces) {
        return new ExtAuthzConfig.Shown(
                new VisibleFields(Optional.empty(), List.of()),
                false,
                certificate,
                session,
                List.of(namespaces),
                List.of());
    }

    private static StreamInfo info(TlsFacts tls) {
        ConnectionInfo connection = new ConnectionInfo(
                7,
                "web",
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 443),
                new InetSocketAddress("192.0.2.7", 4711),
                tls,
                "gateway.test");
        StreamInfo info = new StreamInfo(connection, 1);
        info.protocol = Protocol.HTTP_2;
        info.format = CallFormat.GRPC_WEB;
        return info;
    }

    private ProtoFields told(StreamInfo info, ExtAuthzConfig.Shown shown, ByteBuf body) throws Exception {
        info.requestHeaders = head;
        Exchange exchange = FakeExchange.of(info, new ExchangeTimers(ImmediateEventExecutor.INSTANCE));
        byte[] message = new CheckRequest(shown, false, Map.of())
                .of(new Question(exchange, head, body, true))
                .toBytes();
        return ProtoFields.of(1, com.google.protobuf.ByteString.copyFrom(message))
                .at(1, 1);
    }

    private X509Certificate certificate(String names) throws Exception {
        Certificates made =
                new Certificates(Files.createDirectory(folder.resolve(names.replaceAll("\\W", ""))), "RSA", names);
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(made.chain().getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void aClientIsWhomItsCertificateSays() throws Exception {
        X509Certificate client = certificate("dns:web.example,uri:spiffe://example/web");
        X509Certificate server = certificate("dns:gateway.test");
        StreamInfo info = info(new TlsFacts("TLSv1.3", "c", null, server, client));

        ProtoFields told = told(info, shown(true, true), null);

        assertThat(told.at(1).text(4)).isEqualTo("spiffe://example/web");
        String pem = URLDecoder.decode(told.at(1).text(5), StandardCharsets.US_ASCII);
        assertThat(CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))))
                .isEqualTo(client);
        assertThat(told.at(2).text(4)).isEqualTo("gateway.test");
        assertThat(told.at(2).has(5)).isFalse();
        assertThat(told.at(12).text(1)).isEqualTo("gateway.test");
    }

    @Test
    void whatIsNotAskedForIsNotShown() throws Exception {
        X509Certificate client = certificate("dns:web.example");
        StreamInfo info = info(new TlsFacts("TLSv1.3", "c", null, null, client));

        ProtoFields told = told(info, shown(false, false), null);

        assertThat(told.at(1).text(4)).isEqualTo("web.example");
        assertThat(told.at(1).has(5)).isFalse();
        assertThat(told.has(12)).isFalse();
        assertThat(told.at(4, 2).has(9)).isFalse();
        assertThat(told.at(1, 1, 1).text(2)).isEqualTo("192.0.2.7");
        assertThat(told.at(1, 1, 1).whole(3)).isEqualTo(4711);
    }

    @Test
    void onlyNamedNamespacesGoAlong() throws Exception {
        StreamInfo info = info(null);
        info.addMetadata().putAll("jwt", Map.of("sub", "ann", "exp", 4.5, "list", List.of(true)));
        info.addMetadata().putAll("other", Map.of("a", "b"));

        ProtoFields context =
                told(info, shown(false, false, "jwt", "none"), null).at(11);

        assertThat(context.all(1)).hasSize(1);
        assertThat(context.at(1).text(1)).isEqualTo("jwt");
        Map<String, ProtoFields> fields = new java.util.TreeMap<>();
        context.at(1, 2).all(1).forEach(entry -> fields.put(entry.text(1), entry.at(2)));
        assertThat(fields.get("sub").text(3)).isEqualTo("ann");
        assertThat(fields.get("exp").fields().getField(2).getFixed64List())
                .containsExactly(Double.doubleToLongBits(4.5));
        assertThat(fields.get("list").at(6, 1).whole(4)).isEqualTo(1);
    }

    @Test
    void bytesThatAreNoTextAreMarked() throws Exception {
        head.add("x-a", "caf\u00c3\u00a9").add("x-b", "\u00ff1\u00c3");
        StreamInfo info = info(null);
        info.bytesReceived = 4;

        ProtoFields http = told(info, shown(false, false), Unpooled.wrappedBuffer(new byte[] {97, -1, -61, 98}))
                .at(4, 2);

        assertThat(http.map(3)).containsEntry("x-a", "caf\u00e9").containsEntry("x-b", "!1!");
        assertThat(http.text(11)).isEqualTo("a!!b");
        assertThat(http.whole(9)).isEqualTo(4);
    }
}
