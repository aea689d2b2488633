package io.grpcweb.gateway.filter.extauthz;

import com.google.protobuf.ByteString;
import io.grpcweb.gateway.filter.service.ProtoMessage;
import io.grpcweb.gateway.filter.service.Structs;
import io.grpcweb.gateway.filter.service.Utf8;
import io.grpcweb.gateway.http.ConnectionInfo;
import io.grpcweb.gateway.http.FieldValues;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.http.TlsFacts;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;

/**
 * Writes {@code envoy.service.auth.v3.CheckRequest} (attribute_context.proto): who asks whom for what.
 *
 * @param extensions facts of the place
 */
record CheckRequest(ExtAuthzConfig.Shown shown, boolean rawBody, Map<String, String> extensions) {

    ProtoMessage of(Question question) {
        StreamInfo info = question.exchange().info();
        ConnectionInfo connection = info.connection;
        TlsFacts tls = connection.tls();
        ProtoMessage attributes = new ProtoMessage()
                .message(1, peer(client(info), tls == null ? null : tls.peer(), shown.certificate()))
                .message(2, peer(connection.local(), tls == null ? null : tls.local(), false))
                .message(4, new ProtoMessage().message(1, time(info)).message(2, http(question, info)));
        extensions.forEach((name, value) -> attributes.entry(10, name, value));
        attributes.message(11, metadata(info));
        if (shown.tlsSession() && tls != null) {
            attributes.message(12, new ProtoMessage().text(1, connection.serverName()));
        }
        attributes.message(13, routeMetadata(info));
        return new ProtoMessage().message(1, attributes);
    }

    /** The address that x-forwarded-for is trusted for stands in for that of the connection; its port is not known. */
    private static SocketAddress client(StreamInfo info) {
        return info.clientAddress == null
                ? info.connection.remote()
                : InetSocketAddress.createUnresolved(info.clientAddress, 0);
    }

    private static ProtoMessage peer(SocketAddress address, X509Certificate certificate, boolean shown) {
        ProtoMessage peer = new ProtoMessage().message(1, address(address));
        if (certificate != null) {
            peer.text(4, Principal.of(certificate));
            if (shown) {
                peer.text(5, Principal.pem(certificate));
            }
        }
        return peer;
    }

    /** {@code envoy.config.core.v3.Address}. */
    private static ProtoMessage address(SocketAddress address) {
        if (address instanceof InetSocketAddress inet) {
            ProtoMessage socket =
                    new ProtoMessage().text(2, ConnectionInfo.host(address)).oneWhole(3, inet.getPort());
            return new ProtoMessage().message(1, socket);
        }
        return new ProtoMessage().message(2, new ProtoMessage().text(1, ConnectionInfo.host(address)));
    }

    private static ProtoMessage time(StreamInfo info) {
        return new ProtoMessage().whole(1, info.startMillis / 1000).whole(2, info.startMillis % 1000 * 1_000_000);
    }

    private ProtoMessage http(Question question, StreamInfo info) {
        Http2Headers head = question.head();
        ProtoMessage http = new ProtoMessage()
                .text(1, Long.toUnsignedString(info.startNanos ^ info.connection.id() << 40))
                .text(2, head.method());
        if (!shown.rawFields()) {
            fields(question, http);
        }
        http.text(4, head.path())
                .text(5, head.authority())
                .text(6, head.scheme())
                .whole(9, question.body() == null ? 0 : info.bytesReceived)
                .text(10, info.protocol.toString());
        if (question.body() != null && question.body().isReadable()) {
            if (rawBody) {
                http.bytes(12, ByteString.copyFrom(question.body().nioBuffer()));
            } else {
                http.text(11, Utf8.text(question.body().nioBuffer()));
            }
        }
        if (shown.rawFields()) {
            http.message(13, rawFields(question));
        }
        return http;
    }

    /** A map; values of one name are joined. */
    private void fields(Question question, ProtoMessage http) {
        Http2Headers head = question.head();
        for (CharSequence name : head.names()) {
            if (shown.fields().shows(name) && !Question.PARTIAL.contentEquals(name)) {
                http.entry(3, name, FieldValues.joined(head, name));
            }
        }
        if (question.body() != null) {
            http.entry(3, Question.PARTIAL, question.isPartial());
        }
    }

    /** A list of {@code envoy.config.core.v3.HeaderValue} whose values are bytes. */
    private ProtoMessage rawFields(Question question) {
        ProtoMessage map = new ProtoMessage();
        question.head().forEach(field -> {
            if (shown.fields().shows(field.getKey()) && !Question.PARTIAL.contentEquals(field.getKey())) {
                map.message(1, rawField(field.getKey(), field.getValue()));
            }
        });
        return question.body() == null ? map : map.message(1, rawField(Question.PARTIAL, question.isPartial()));
    }

    private static ProtoMessage rawField(CharSequence name, CharSequence value) {
        return new ProtoMessage()
                .text(1, name)
                .bytes(3, ByteString.copyFrom(value.toString(), StandardCharsets.ISO_8859_1));
    }

    private ProtoMessage routeMetadata(StreamInfo info) {
        ProtoMessage metadata = new ProtoMessage();
        for (String namespace : shown.routeMetadata()) {
            if (info.routeMetadata.byReader().get(namespace) instanceof Map<?, ?> struct) {
                metadata.message(1, new ProtoMessage().text(1, namespace).message(2, Structs.write(struct)));
            }
        }
        return metadata;
    }

    /** {@code envoy.config.core.v3.Metadata} with the namespaces that are there. */
    private ProtoMessage metadata(StreamInfo info) {
        ProtoMessage metadata = new ProtoMessage();
        for (String namespace : shown.metadata()) {
            if (info.metadata != null && info.metadata.at(List.of(namespace)) instanceof Map<?, ?> struct) {
                metadata.message(1, new ProtoMessage().text(1, namespace).message(2, Structs.write(struct)));
            }
        }
        return metadata;
    }
}
