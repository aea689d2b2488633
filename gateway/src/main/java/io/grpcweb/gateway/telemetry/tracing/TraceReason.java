package io.grpcweb.gateway.telemetry.tracing;

import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/** Why an exchange is traced, as the 15th character of x-request-id tells every Envoy behind. */
enum TraceReason {
    NONE('4'),
    SAMPLED('9'),
    FORCED_BY_SERVICE('a'),
    ASKED_BY_CLIENT('b');

    static final AsciiString REQUEST_ID = AsciiString.cached("x-request-id");

    private static final int PLACE = 14;
    private static final int LENGTH = 36;

    private final char mark;

    TraceReason(char mark) {
        this.mark = mark;
    }

    /** What an id says; NONE where it says nothing. */
    static TraceReason of(CharSequence id) {
        if (id.length() == LENGTH) {
            for (TraceReason reason : values()) {
                if (id.charAt(PLACE) == reason.mark) {
                    return reason;
                }
            }
        }
        return NONE;
    }

    /** Writes it into the id of a request; one that is no UUID is left alone. */
    void mark(Http2Headers head) {
        CharSequence id = head.get(REQUEST_ID);
        if (id != null && id.length() == LENGTH && id.charAt(PLACE) != mark) {
            StringBuilder marked = new StringBuilder(id);
            marked.setCharAt(PLACE, mark);
            head.set(REQUEST_ID, new AsciiString(marked));
        }
    }
}
