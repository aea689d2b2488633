package io.grpcweb.gateway.telemetry.export;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * The message that a batch of items is sent in: the items stand at the end of the innermost of some messages that are nested.
 *
 * @param levels the messages from the outermost to the innermost
 */
public record Envelope(List<Level> levels) {

    public Envelope {
        levels = List.copyOf(levels);
    }

    /**
     * A message.
     *
     * @param field that it stands in; without a meaning for the outermost
     * @param before its fields before the next message or the items, encoded
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Level(int field, byte[] before) {}

    /** An OTLP request: in both kinds the resource, then the scope with the items (opentelemetry/proto/collector). */
    public static Envelope otlp(byte[] resource, byte[] scope) {
        return new Envelope(List.of(new Level(0, new byte[0]), new Level(1, resource), new Level(2, scope)));
    }

    /** The whole message. */
    byte[] around(ProtoWriter items) {
        int[] sizes = new int[levels.size()];
        int inner = items.size();
        for (int i = sizes.length - 1; i >= 0; i--) {
            sizes[i] = levels.get(i).before.length + inner;
            inner = sizes[i] + 1 + ProtoWriter.lengthOf(sizes[i]);
        }
        ByteBuffer out = ByteBuffer.allocate(sizes[0]);
        for (int i = 0; i < sizes.length; i++) {
            if (i > 0) {
                out.put((byte) (levels.get(i).field << 3 | 2));
                varint(out, sizes[i]);
            }
            out.put(levels.get(i).before);
        }
        items.copyTo(out);
        return out.array();
    }

    private static void varint(ByteBuffer out, int value) {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }
}
