package io.grpcweb.gateway.downstream.websocket;

import io.grpcweb.gateway.http.FieldValues;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.Protocol;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The handshake of a WebSocket that asks for a subprotocol of gRPC-Web (RFC 6455 section 4.2, RFC 8441 section 5).
 *
 * @param subprotocol the first that is known, as the client wrote it
 * @param multiplexed whether it is the one that carries several calls
 * @param accept the proof that the handshake was understood; null on HTTP/2, which needs none
 * @param fault why it is refused; null where it is not
 */
record Handshake(String subprotocol, boolean multiplexed, String accept, LocalReply fault) {
    private static final String ONE_CALL = "grpc-websockets";
    private static final String MULTIPLEXED = "grpc-websockets-multiplex";
    private static final String VERSION = "13";
    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int KEY_BYTES = 16;

    /** Null where no subprotocol of gRPC-Web is asked for. */
    static Handshake of(Http2Headers head, Protocol http) {
        CharSequence offered = FieldValues.joined(head, HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
        if (offered == null) {
            return null;
        }
        for (String one : offered.toString().split(",", -1)) {
            String name = one.strip();
            if (name.equalsIgnoreCase(ONE_CALL) || name.equalsIgnoreCase(MULTIPLEXED)) {
                return checked(name, name.equalsIgnoreCase(MULTIPLEXED), head, http);
            }
        }
        return null;
    }

    private static Handshake checked(String subprotocol, boolean multiplexed, Http2Headers head, Protocol http) {
        CharSequence version = head.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION);
        if (version == null || !VERSION.contentEquals(version)) {
            return new Handshake(subprotocol, multiplexed, null, LocalReply.webSocketVersion(VERSION));
        }
        if (http == Protocol.HTTP_2) {
            return new Handshake(subprotocol, multiplexed, null, null);
        }
        CharSequence key = head.get(HttpHeaderNames.SEC_WEBSOCKET_KEY);
        return key == null || !isKey(key.toString())
                ? new Handshake(subprotocol, multiplexed, null, LocalReply.refused(400, "no Sec-WebSocket-Key"))
                : new Handshake(subprotocol, multiplexed, accept(key.toString()), null);
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** RFC 6455 section 4.2.2; the digest is a proof of understanding and protects nothing. */
    private static String accept(String key) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-1").digest((key + MAGIC).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }
}
