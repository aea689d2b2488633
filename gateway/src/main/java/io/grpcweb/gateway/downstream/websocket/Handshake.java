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
 * @param extensions the extension that is agreed on, with its parameters; null where there is none
 * @param fault why it is refused; null where it is not
 */
record Handshake(String subprotocol, boolean multiplexed, String accept, String extensions, LocalReply fault) {
    private static final String ONE_CALL = "grpc-websockets";
    private static final String MULTIPLEXED = "grpc-websockets-multiplex";
    private static final String VERSION = "13";
    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int KEY_BYTES = 16;

    /**
     * Null where no subprotocol of gRPC-Web is asked for.
     *
     * @param deflate whether {@code permessage-deflate} may be agreed on
     */
    static Handshake of(Http2Headers head, Protocol http, boolean deflate) {
        CharSequence offered = FieldValues.joined(head, HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
        if (offered == null) {
            return null;
        }
        for (String one : offered.toString().split(",", -1)) {
            String name = one.strip();
            if (name.equalsIgnoreCase(ONE_CALL) || name.equalsIgnoreCase(MULTIPLEXED)) {
                return checked(name, head, http, deflate);
            }
        }
        return null;
    }

    private static Handshake checked(String subprotocol, Http2Headers head, Protocol http, boolean deflate) {
        CharSequence version = head.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION);
        CharSequence key = head.get(HttpHeaderNames.SEC_WEBSOCKET_KEY);
        LocalReply fault = null;
        String accept = null;
        if (version == null || !VERSION.contentEquals(version)) {
            fault = LocalReply.webSocketVersion(VERSION);
        } else if (http != Protocol.HTTP_2) {
            if (key == null || !isKey(key.toString())) {
                fault = LocalReply.refused(400, "no Sec-WebSocket-Key");
            } else {
                accept = accept(key.toString());
            }
        }
        CharSequence offered = deflate ? FieldValues.joined(head, HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS) : null;
        String extensions = offered == null ? null : DeflateOffer.answer(offered);
        return new Handshake(subprotocol, subprotocol.equalsIgnoreCase(MULTIPLEXED), accept, extensions, fault);
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
