package io.grpcweb.gateway.net;

import io.grpcweb.gateway.config.HttpConfig;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import java.util.function.LongSupplier;

/**
 * How many frames that carry nothing a client may send on an HTTP/2 connection. Each costs the gateway more than the client
 * (CVE-2019-9512, 9513, 9515, CVE-2023-44487), and none is needed often. PRIORITY and WINDOW_UPDATE are measured against what
 * the connection was used for, by Envoy's formulas; the others have a supply that refills slowly, and faster where messages
 * pass, since clients that measure the path send a PING with every answer. One frame too many ends the connection with
 * ENHANCE_YOUR_CALM. Confined to the connection's event loop.
 */
final class FrameBudget {
    /** PING, SETTINGS, their acknowledgements, and frames of unknown types. */
    static final int CONTROL = 2000;

    private static final int CONTROL_PER_SECOND = 10;

    /** RST_STREAM: a script that asks with every key and gives up what it asked before stays below that. */
    static final int RESETS = 1000;

    private static final int RESETS_PER_SECOND = 33;

    /** DATA that is shorter than the head of a message, in the middle of a stream. */
    static final int CRUMBS = 1000;

    private static final int CRUMBS_PER_SECOND = 100;
    private static final int MESSAGE_HEAD = 5;

    /** Acknowledgements of SETTINGS that were not sent, before it is no mistake any more. */
    private static final int ODD_ACKS = 3;

    private static final int SPARE_WINDOW_UPDATES = 5;

    private final HttpConfig.InboundFrames most;
    private final LongSupplier headersSent;
    private final LongSupplier dataSent;
    private final LongSupplier settingsSent;
    private final TokenBucket control = new TokenBucket(CONTROL, CONTROL_PER_SECOND);
    private final TokenBucket resets = new TokenBucket(RESETS, RESETS_PER_SECOND);
    private final TokenBucket crumbs = new TokenBucket(CRUMBS, CRUMBS_PER_SECOND);
    private long opened;
    private long priorities;
    private long windowUpdates;
    private long acks;
    private long credited;

    /**
     * The budget of a new connection.
     *
     * @param headersSent frames with the head or the trailers of a response that have left
     * @param dataSent DATA frames that have left
     * @param settingsSent SETTINGS frames that have left
     */
    FrameBudget(
            HttpConfig.InboundFrames most, LongSupplier headersSent, LongSupplier dataSent, LongSupplier settingsSent) {
        this.most = most;
        this.headersSent = headersSent;
        this.dataSent = dataSent;
        this.settingsSent = settingsSent;
    }

    /** A request begins, or ends with trailers. */
    void headers() {
        opened++;
        control.give();
    }

    /**
     * A part of a body.
     *
     * @param bytes without padding
     */
    void data(int bytes, boolean end) throws Http2Exception {
        control.give();
        if (bytes < MESSAGE_HEAD && !end && !crumbs.take(System.nanoTime())) {
            throw tooMany("DATA frames of less than %d bytes: more than %d", MESSAGE_HEAD, CRUMBS);
        }
    }

    void priority() throws Http2Exception {
        priorities++;
        long allowed = most.prioritiesPerStream() * (1 + opened);
        if (priorities > allowed) {
            throw tooMany("PRIORITY frames: more than %d with %d streams", allowed, opened);
        }
    }

    void windowUpdate() throws Http2Exception {
        windowUpdates++;
        long allowed = SPARE_WINDOW_UPDATES + 2 * (opened + most.windowUpdatesPerData() * dataSent.getAsLong());
        if (windowUpdates > allowed) {
            throw tooMany("WINDOW_UPDATE frames: more than %d with %d streams", allowed, opened);
        }
    }

    void reset() throws Http2Exception {
        if (!resets.take(System.nanoTime())) {
            throw tooMany("RST_STREAM frames: more than %d", RESETS);
        }
    }

    void settingsAck() throws Http2Exception {
        acks++;
        if (acks > settingsSent.getAsLong() + ODD_ACKS) {
            throw Http2Exception.connectionError(
                    Http2Error.PROTOCOL_ERROR, "%d acknowledgements of SETTINGS that were not sent", ODD_ACKS + 1);
        }
    }

    /** PING, SETTINGS and whatever else has no budget of its own. */
    void control() throws Http2Exception {
        for (long sent = headersSent.getAsLong() + dataSent.getAsLong(); credited < sent; credited++) {
            control.give();
        }
        if (!control.take(System.nanoTime())) {
            throw tooMany("control frames: more than %d beyond those with messages", CONTROL);
        }
    }

    private static Http2Exception tooMany(String reason, Object... numbers) {
        return Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, reason, numbers);
    }
}
