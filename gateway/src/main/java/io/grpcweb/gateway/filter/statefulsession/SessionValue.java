package io.grpcweb.gateway.filter.statefulsession;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpcweb.gateway.filter.service.ProtoMessage;
import io.grpcweb.gateway.filter.service.ProtoReader;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The address of an endpoint as clients carry it: base64 of the text in a header field, and in a cookie base64 of a protobuf
 * message with the address (1) and the second since 1970 in which it ends (2), so that Envoy and the gateway understand each
 * other's.
 */
final class SessionValue {
    private static final int ADDRESS = 1;
    private static final int EXPIRES = 2;

    private SessionValue() {}

    /** A cookie that is read: fields that are not there have the defaults of their types. */
    private static final class Read implements ProtoReader.Fields {
        private String address = "";
        private long expires;

        @Override
        public void field(int number, ProtoReader in) throws IOException {
            if (number == ADDRESS) {
                address = in.text();
            } else if (number == EXPIRES) {
                expires = in.whole();
            }
        }
    }

    /** The address in a cookie; null where there is none, or where its time is over. */
    static String ofCookie(String value, long nowSeconds) {
        byte[] bytes = decoded(value);
        if (bytes == null || bytes.length == 0) {
            return null;
        }
        Read read = new Read();
        try {
            new ProtoReader(Unpooled.wrappedBuffer(bytes)).read(read);
        } catch (InvalidProtocolBufferException e) {
            // Older ones are the text alone.
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        boolean over = read.expires != 0 && nowSeconds > read.expires;
        return over || read.address.isEmpty() ? null : read.address;
    }

    /** The address in a header field; null where there is none. */
    static String ofField(CharSequence value) {
        byte[] bytes = value == null ? null : decoded(value.toString());
        return bytes == null || bytes.length == 0 ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] decoded(String value) {
        try {
            return Base64.getDecoder().decode(value);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** The value of a cookie; without an end where {@code expires} is 0. */
    static String cookie(String address, long expires) {
        return Base64.getEncoder()
                .encodeToString(new ProtoMessage()
                        .text(ADDRESS, address)
                        .whole(EXPIRES, expires)
                        .toBytes());
    }

    /** The value of a header field. */
    static String field(String address) {
        return Base64.getEncoder().encodeToString(address.getBytes(StandardCharsets.UTF_8));
    }
}
