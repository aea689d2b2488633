package io.grpcweb.gateway.testing;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a client got.
 *
 * @param fields of the head, in order, without {@code :status}
 * @param trailers HTTP trailer fields
 */
@SuppressWarnings("ArrayRecordComponent") // compared part by part, never as a whole
public record Answer(int status, List<Field> fields, byte[] body, List<Field> trailers, End end) {

    public record Field(String name, String value) {}

    /** How an answer ended. */
    public sealed interface End {
        /** With the last chunk, the last byte of its length, or END_STREAM. */
        record Clean() implements End {}

        /** The connection was closed before. */
        record Cut() implements End {}

        /** With RST_STREAM. */
        record Reset(long code) implements End {}

        End CLEAN = new Clean();
        End CUT = new Cut();
    }

    /** The values of a field joined by commas; null for none. */
    public String header(String name) {
        return joined(fields, name);
    }

    public String trailer(String name) {
        return joined(trailers, name);
    }

    /** In the head, or else in the last frame of a binary answer; null for none. */
    public String grpcStatus() {
        String head = header("grpc-status");
        int at = text().lastIndexOf("grpc-status:");
        return head != null || at < 0 ? head : text().substring(at + 12, text().indexOf('\r', at));
    }

    public String text() {
        return new String(body, StandardCharsets.ISO_8859_1);
    }

    static String joined(List<Field> fields, String name) {
        List<Field> found =
                fields.stream().filter(field -> field.name().equals(name)).toList();
        return found.isEmpty() ? null : found.stream().map(Field::value).collect(Collectors.joining(","));
    }

    @Override
    public String toString() {
        return status + " " + fields + " " + body.length + " bytes " + text() + " " + trailers + " " + end;
    }
}
