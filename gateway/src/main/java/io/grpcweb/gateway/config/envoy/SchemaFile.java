package io.grpcweb.gateway.config.envoy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The resource {@code schema.txt}: comments, a line {@code PACKAGE LENGTH} for each package of protobuf, an empty line, and the
 * texts of the packages in the same order, in ASCII.
 */
final class SchemaFile {
    private final byte[] bytes;
    private final Map<String, Place> places = new LinkedHashMap<>();

    private record Place(int begin, int length) {}

    private SchemaFile(byte[] bytes) {
        this.bytes = bytes;
        int begin = 0;
        int line = 0;
        for (int end = end(line); end > line; end = end(line)) {
            if (bytes[line] != '#') {
                String entry = new String(bytes, line, end - line, StandardCharsets.US_ASCII);
                int space = entry.indexOf(' ');
                Place place = new Place(begin, Integer.parseInt(entry.substring(space + 1)));
                places.put(entry.substring(0, space), place);
                begin += place.length();
            }
            line = end + 1;
        }
        int texts = line + 1;
        places.replaceAll((name, place) -> new Place(texts + place.begin(), place.length()));
    }

    static SchemaFile load() {
        try (InputStream in = SchemaFile.class.getResourceAsStream("schema.txt")) {
            return new SchemaFile(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int end(int line) {
        int end = line;
        while (bytes[end] != '\n') {
            end++;
        }
        return end;
    }

    Set<String> packages() {
        return places.keySet();
    }

    /** Empty where Envoy has no such package. */
    String text(String name) {
        Place place = places.get(name);
        return place == null ? "" : new String(bytes, place.begin(), place.length(), StandardCharsets.US_ASCII);
    }
}
