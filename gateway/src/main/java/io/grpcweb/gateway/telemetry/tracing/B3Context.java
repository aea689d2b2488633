package io.grpcweb.gateway.telemetry.tracing;

import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/** The fields of Zipkin, in one or in several; written in several (https://github.com/openzipkin/b3-propagation). */
final class B3Context implements ContextFields {
    private static final AsciiString SINGLE = AsciiString.cached("b3");
    private static final AsciiString TRACE = AsciiString.cached("x-b3-traceid");
    private static final AsciiString SPAN = AsciiString.cached("x-b3-spanid");
    private static final AsciiString PARENT = AsciiString.cached("x-b3-parentspanid");
    private static final AsciiString SAMPLED = AsciiString.cached("x-b3-sampled");
    private static final AsciiString FLAGS = AsciiString.cached("x-b3-flags");

    @Override
    public TraceContext read(Http2Headers head) {
        CharSequence single = head.get(SINGLE);
        if (single != null) {
            String[] parts = single.toString().split("-", -1);
            return parts.length < 2 ? null : context(parts[0], parts[1], parts.length < 3 ? null : parts[2]);
        }
        CharSequence trace = head.get(TRACE);
        CharSequence span = head.get(SPAN);
        if (trace == null || span == null) {
            return null;
        }
        boolean debug = head.contains(FLAGS) && "1".contentEquals(head.get(FLAGS));
        return context(trace, span, debug ? "d" : head.get(SAMPLED));
    }

    /** Without a word about sampling, the decision is left to whoever reads it: here it is sampled. */
    private static TraceContext context(CharSequence trace, CharSequence span, CharSequence sampled) {
        int digits = trace.length();
        if (digits != 16 && digits != 32
                || span.length() != 16
                || !Hex.isHex(trace, 0, digits)
                || !Hex.isHex(span, 0, 16)) {
            return null;
        }
        long high = digits == 32 ? Hex.parse(trace, 0, 16) : 0;
        long low = Hex.parse(trace, digits - 16, digits);
        long id = Hex.parse(span, 0, 16);
        boolean no = sampled != null && ("0".contentEquals(sampled) || "false".contentEquals(sampled));
        return (high | low) == 0 || id == 0 ? null : new TraceContext(high, low, id, !no, "");
    }

    @Override
    public void write(Http2Headers head, TraceContext context, long parent) {
        head.remove(SINGLE);
        head.remove(FLAGS);
        head.set(TRACE, Hex.text(context.high(), context.low()));
        head.set(SPAN, Hex.text(context.span()));
        head.set(SAMPLED, context.sampled() ? "1" : "0");
        if (parent == 0) {
            head.remove(PARENT);
        } else {
            head.set(PARENT, Hex.text(parent));
        }
    }
}
