package io.grpcweb.gateway.filter.connect;

import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.Parameters;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The query of a call with GET. */
final class GetQuery {
    private final String codec;
    private final String coding;
    private final String version;

    /** Null where there is none, or where it is no base64. */
    private final byte[] message;

    GetQuery(CharSequence path) {
        Parameters query = Parameters.of(path);
        codec = or(query.first("encoding"));
        coding = or(query.first("compression"));
        version = or(query.first("connect"));
        String text = query.first("message");
        boolean base64 = "1".equals(query.first("base64"));
        message = text == null ? null : base64 ? decoded(text) : text.getBytes(StandardCharsets.UTF_8);
    }

    /** Of the message; empty where none is named. */
    String codec() {
        return codec;
    }

    /** Of the message; empty for none. */
    String coding() {
        return coding;
    }

    private static String or(String found) {
        return found == null ? "" : found;
    }

    /** The alphabet for URLs, padded or not; that of MIME is taken as well, where a blank was a plus. */
    private static byte[] decoded(String text) {
        try {
            return Base64.getUrlDecoder()
                    .decode(text.replace('+', '-').replace(' ', '-').replace('/', '_'));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** What the protocol has refused; null for nothing. */
    LocalReply problem(ConnectConfig config) {
        if (version.isEmpty() ? config.versionRequired() : !version.equals("v1")) {
            return Refusals.query("the parameter connect must be \"v1\": got \"" + version + "\"");
        }
        if (!ConnectCall.isCodec(codec)) {
            return Refusals.contentType("application/" + codec);
        }
        return message == null
                ? Refusals.query("the parameter message is missing, or it is no base64 although base64 is 1")
                : null;
    }

    /** The message; the caller owns it. */
    ByteBuf payload() {
        return message == null ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(message);
    }

    /** A path of gRPC has no query. */
    static void strip(Http2Headers head) {
        String path = head.path().toString();
        int mark = path.indexOf('?');
        head.method("POST").path(mark < 0 ? path : path.substring(0, mark));
    }
}
