package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.http.Protocol;
import io.grpcweb.gateway.http.UpstreamFailure;
import io.grpcweb.gateway.http.WireBytes;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.SocketAddress;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/** A request on an {@link Http1ClientConnection} and its response. */
final class Http1ClientStream implements UpstreamStream {
    /** Methods whose requests have no body by themselves, so that it goes without saying (RFC 9110 section 8.6). */
    private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD", "DELETE", "TRACE", "CONNECT");

    /** What a request line has beside its method and its target: two spaces, the version and CRLF. */
    private static final int LINE_FRAMING = " ".length() + " HTTP/1.1\r\n".length();

    /** What the line of a field has beside its name and its value. */
    private static final int SENT_FRAMING = ": \r\n".length();

    private static final int RECEIVED_FRAMING = ":\r\n".length();

    private final Http1ClientConnection connection;
    private UpstreamCallback callback;
    private boolean chunked;
    private boolean upgrade;
    private boolean toHead;
    private boolean requestEnded;
    private boolean interim;
    private int interims;

    /** Null where nobody wants to know. */
    private WireBytes counted;

    private long sentBefore;
    private long receivedBefore;

    Http1ClientStream(Http1ClientConnection connection, UpstreamCallback callback) {
        this.connection = connection;
        this.callback = callback;
    }

    /** Whether it asks for another protocol, which 101 begins. */
    boolean isUpgrade() {
        return upgrade;
    }

    /** Whether it is a request whose response has no content. */
    boolean isToHead() {
        return toHead;
    }

    boolean isRequestEnded() {
        return requestEnded;
    }

    @Override
    public void count(WireBytes bytes) {
        counted = bytes;
        sentBefore = connection.output().written();
        receivedBefore = connection.decoder().read();
    }

    /** A part of the request was written, and lines of fields in it that are so long. */
    private void sent(long fields) {
        if (counted != null) {
            long now = connection.output().written();
            counted.sent += now - sentBefore;
            counted.headersSent += fields;
            sentBefore = now;
        }
    }

    /** The decoder has read a part of the response. */
    void received(Object part) {
        if (counted != null) {
            long now = connection.decoder().read();
            counted.received += now - receivedBefore;
            receivedBefore = now;
            if (part instanceof HttpResponse head) {
                counted.headersReceived += lines(head.headers().iteratorCharSequence(), RECEIVED_FRAMING);
            }
        }
    }

    private static long lines(Iterator<Map.Entry<CharSequence, CharSequence>> fields, int framing) {
        long bytes = 0;
        while (fields.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = fields.next();
            bytes += field.getKey().length() + field.getValue().length() + framing;
        }
        return bytes;
    }

    @Override
    public void head(Http2Headers head, boolean end) {
        requestEnded = end;
        upgrade = head.contains(HttpHeaderNames.UPGRADE);
        toHead = "HEAD".contentEquals(head.method());
        connection.decoder().expectHead(toHead);
        connection.output().request(head);
        int line = head.method().length() + head.path().length() + LINE_FRAMING;
        if (!upgrade && !head.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            if (!end) {
                chunked = true;
                connection.output().field(HttpHeaderNames.TRANSFER_ENCODING, "chunked");
            } else if (!WITHOUT_BODY.contains(head.method().toString())) {
                connection.output().field(HttpHeaderNames.CONTENT_LENGTH, "0");
            }
        }
        long fields = connection.output().written() - sentBefore - line;
        connection.output().endHead();
        sent(fields);
        connection.output().scheduleFlush();
    }

    @Override
    public void data(ByteBuf data, boolean end) {
        if (callback == null) {
            data.release();
            return;
        }
        requestEnded = end;
        if (chunked) {
            connection.output().chunk(data);
            if (end) {
                connection.output().endChunks(null);
            }
        } else {
            connection.output().raw(data);
        }
        sent(0);
        connection.output().scheduleFlush();
        if (end && upgrade) {
            connection.endTunnel();
        }
        if (!end && !connection.context().channel().isWritable()) {
            callback.requestWritable(false);
        }
    }

    @Override
    public void trailers(Http2Headers trailers) {
        requestEnded = true;
        if (chunked && callback != null) {
            boolean taken = connection.takesTrailers();
            connection.output().endChunks(taken ? trailers : null);
            if (counted != null) {
                sent(taken ? lines(trailers.iterator(), SENT_FRAMING) : 0);
            }
            connection.output().scheduleFlush();
        }
    }

    @Override
    public void reset(Http2Error code) {
        if (callback != null) {
            callback = null;
            connection.giveUp();
        }
    }

    @Override
    public void responseWritable(boolean writable) {
        if (callback != null) {
            connection.context().channel().config().setAutoRead(writable);
        }
    }

    /** A response of the 1xx kind; false for one too many. */
    boolean skipInterim() {
        interim = true;
        return ++interims <= Http2ClientStream.MOST_INTERIM;
    }

    /** Netty ends an interim answer with an empty last content; true for that one. */
    boolean endsInterim(boolean last) {
        boolean was = interim;
        if (last) {
            interim = false;
        }
        return was;
    }

    /** The head of the response; {@code end}: nothing can follow it. */
    void onHead(Http2Headers head, boolean end) {
        UpstreamCallback to = callback;
        if (to == null) {
            return;
        }
        if (end) {
            callback = null;
        }
        to.head(head, end);
        if (end) {
            to.readComplete();
        }
    }

    void onData(ByteBuf data, boolean end) {
        UpstreamCallback to = callback;
        if (to == null) {
            data.release();
            return;
        }
        if (end) {
            callback = null;
        }
        to.data(data, end);
        if (end) {
            to.readComplete();
        }
    }

    void readComplete() {
        if (callback != null) {
            callback.readComplete();
        }
    }

    void requestWritable(boolean writable) {
        if (callback != null) {
            callback.requestWritable(writable);
        }
    }

    void fail(UpstreamFailure failure, String reason) {
        UpstreamCallback to = callback;
        callback = null;
        if (to != null) {
            to.failed(failure, -1, false, reason);
        }
    }

    @Override
    public UpstreamFacts facts() {
        return connection.context().channel().attr(UpstreamFacts.KEY).get();
    }

    @Override
    public SocketAddress localAddress() {
        return connection.context().channel().localAddress();
    }

    @Override
    public boolean changesProtocol() {
        return true;
    }

    @Override
    public Protocol protocol() {
        return Protocol.HTTP_1_1;
    }
}
