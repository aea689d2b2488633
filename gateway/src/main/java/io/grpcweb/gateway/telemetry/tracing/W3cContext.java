package io.grpcweb.gateway.telemetry.tracing;

import io.grpcweb.gateway.http.FieldValues;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;

/** The fields of W3C Trace Context, level 1 (https://www.w3.org/TR/trace-context-1/). */
final class W3cContext implements ContextFields {
    private static final AsciiString PARENT = AsciiString.cached("traceparent");
    private static final AsciiString STATE = AsciiString.cached("tracestate");

    /** {@code version-trace-parent-flags}, of which later versions may add more behind a dash. */
    private static final int LENGTH = 55;

    @Override
    public TraceContext read(Http2Headers head) {
        CharSequence parent = head.get(PARENT);
        if (parent == null || !isWellFormed(parent)) {
            // The state of a broken parent belongs to nobody.
            return null;
        }
        long high = Hex.parse(parent, 3, 19);
        long low = Hex.parse(parent, 19, 35);
        long span = Hex.parse(parent, 36, 52);
        boolean sampled = (Hex.parse(parent, 53, 55) & 1) != 0;
        CharSequence state = FieldValues.joined(head, STATE);
        return (high | low) == 0 || span == 0
                ? null
                : new TraceContext(high, low, span, sampled, state == null ? "" : state.toString());
    }

    private static boolean isWellFormed(CharSequence parent) {
        int length = parent.length();
        boolean longer = length > LENGTH && parent.charAt(LENGTH) == '-' && Hex.parse(parent, 0, 2) > 0;
        return (length == LENGTH || longer)
                && parent.charAt(2) == '-'
                && parent.charAt(35) == '-'
                && parent.charAt(52) == '-'
                && Hex.isHex(parent, 0, 2)
                && Hex.isHex(parent, 3, 35)
                && Hex.isHex(parent, 36, 52)
                && Hex.isHex(parent, 53, LENGTH);
    }

    @Override
    public void write(Http2Headers head, TraceContext context, long parent) {
        byte[] out = "00-                                -                -00".getBytes(StandardCharsets.US_ASCII);
        Hex.put(out, 3, context.high());
        Hex.put(out, 19, context.low());
        Hex.put(out, 36, context.span());
        if (context.sampled()) {
            out[LENGTH - 1] = '1';
        }
        head.set(PARENT, new AsciiString(out, false));
        head.set(STATE, context.state());
    }
}
