package io.grpcweb.gateway.net;

import io.grpcweb.gateway.http.HeaderBlock;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Writes HTTP/1.1 messages (RFC 9112). What is small is gathered in one buffer, head and chunks alike, so that a batch
 * leaves in one write; large parts of a body are passed on without a copy.
 */
public final class Http1Output {
    private static final int COPY_BELOW = 4096;
    private static final int GATHERED = 16 * 1024;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    /** Four hex digits and CRLF: the size of a gathered chunk is known only when it is closed. */
    private static final int SIZE_LINE = 6;

    private static final int CRLF = 0x0d0a;

    private final ChannelHandlerContext context;
    private final TurnFlush turn;
    private ByteBuf out;
    private long passedOn;
    private int chunkStart = -1;

    /** Writes through this context, on its event loop. */
    public Http1Output(ChannelHandlerContext context) {
        this.context = context;
        this.turn = new TurnFlush(context.channel().eventLoop(), this::flush);
    }

    /** A status line and the fields that are not pseudo-header fields, without the empty line behind them. */
    public void head(int status, Http2Headers fields) {
        ByteBuf to = buffer(512);
        int before = to.writerIndex();
        try {
            if (status < 100 || status > 999) {
                throw new IllegalArgumentException("status " + status);
            }
            ByteBufUtil.writeAscii(to, "HTTP/1.1 ");
            HttpResponseStatus known = HttpResponseStatus.valueOf(status);
            ByteBufUtil.writeAscii(to, known.codeAsText());
            to.writeByte(' ');
            ByteBufUtil.writeAscii(to, known.reasonPhrase());
            to.writeShort(CRLF);
            fields(fields);
        } catch (IllegalArgumentException e) {
            to.writerIndex(before);
            throw e;
        }
    }

    /** A request line in origin-form and the fields, without the empty line behind them. */
    public void request(Http2Headers head) {
        CharSequence host = head.authority() == null ? "" : head.authority();
        if (!HeaderBlock.isToken(head.method()) || !HeaderBlock.isTarget(head.path())) {
            throw new IllegalArgumentException("a method or a path that would break the request line");
        }
        ByteBuf to = buffer(512 + head.path().length() + host.length());
        int before = to.writerIndex();
        try {
            ByteBufUtil.writeAscii(to, head.method());
            to.writeByte(' ');
            ByteBufUtil.writeAscii(to, head.path());
            ByteBufUtil.writeAscii(to, " HTTP/1.1");
            to.writeShort(CRLF);
            field("host", host);
            fields(head);
        } catch (IllegalArgumentException e) {
            to.writerIndex(before);
            throw e;
        }
    }

    private void fields(Http2Headers fields) {
        for (Map.Entry<CharSequence, CharSequence> field : fields) {
            CharSequence name = field.getKey();
            if (name.length() > 0 && name.charAt(0) != ':') {
                field(name, field.getValue());
            }
        }
    }

    /**
     * One more field of the head. What would end its line is thrown at: blocks are checked when they are received, so it
     * is a fault of the gateway (RFC 9110 section 5.5).
     */
    public void field(CharSequence name, CharSequence value) {
        if (endsLine(name) || endsLine(value)) {
            throw new IllegalArgumentException("a field that would break the framing");
        }
        ByteBuf to = buffer(name.length() + value.length() + 4);
        ByteBufUtil.writeAscii(to, name);
        to.writeShort(':' << 8 | ' ');
        ByteBufUtil.writeAscii(to, value);
        to.writeShort(CRLF);
    }

    private static boolean endsLine(CharSequence value) {
        if (value instanceof AsciiString ascii) {
            byte[] bytes = ascii.array();
            int end = ascii.arrayOffset() + ascii.length();
            for (int i = ascii.arrayOffset(); i < end; i++) {
                if (endsLine(bytes[i])) {
                    return true;
                }
            }
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            if (endsLine(value.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean endsLine(int c) {
        return c == '\r' || c == '\n' || c == 0;
    }

    /** The empty line behind the head. */
    public void endHead() {
        buffer(2).writeShort(CRLF);
    }

    /** A part of a chunked body; takes it over. */
    public void chunk(ByteBuf data) {
        int bytes = data.readableBytes();
        if (bytes == 0) {
            data.release();
        } else if (bytes < COPY_BELOW) {
            if (chunkStart < 0) {
                ByteBuf to = buffer(SIZE_LINE + bytes);
                chunkStart = to.writerIndex();
                to.writeZero(SIZE_LINE);
            }
            out.writeBytes(data);
            data.release();
            if (out.writerIndex() - chunkStart >= GATHERED) {
                closeChunk();
            }
        } else {
            closeChunk();
            ByteBufUtil.writeAscii(buffer(12), Integer.toHexString(bytes));
            out.writeShort(CRLF);
            writeOut();
            passedOn += bytes;
            context.write(data);
            buffer(64).writeShort(CRLF);
        }
    }

    /** A part of a body whose length the head says; takes it over. */
    public void raw(ByteBuf data) {
        if (data.readableBytes() < COPY_BELOW) {
            buffer(data.readableBytes()).writeBytes(data);
            data.release();
        } else {
            writeOut();
            passedOn += data.readableBytes();
            context.write(data);
        }
    }

    /** The last chunk and trailer fields, if any. */
    public void endChunks(Http2Headers trailers) {
        closeChunk();
        buffer(8).writeByte('0').writeShort(CRLF);
        if (trailers != null) {
            for (Map.Entry<CharSequence, CharSequence> field : trailers) {
                field(field.getKey(), field.getValue());
            }
        }
        out.writeShort(CRLF);
    }

    /** Bytes so far, without the end of a chunk that is still open. */
    public long written() {
        return passedOn + (out == null ? 0 : out.readableBytes());
    }

    /** Everything that is written in one turn of the event loop leaves together. */
    public void scheduleFlush() {
        turn.ask();
    }

    /** Hands everything to the socket. */
    public void flush() {
        closeChunk();
        writeOut();
        context.flush();
    }

    /** Lets go of what was not flushed. */
    public void release() {
        if (out != null) {
            out.release();
            out = null;
        }
        chunkStart = -1;
    }

    private void closeChunk() {
        if (chunkStart < 0) {
            return;
        }
        int bytes = out.writerIndex() - chunkStart - SIZE_LINE;
        for (int i = 0; i < 4; i++) {
            out.setByte(chunkStart + i, HEX[bytes >> (12 - 4 * i) & 15]);
        }
        out.setShort(chunkStart + 4, CRLF);
        out.writeShort(CRLF);
        chunkStart = -1;
    }

    private void writeOut() {
        if (out != null) {
            ByteBuf whole = out;
            out = null;
            passedOn += whole.readableBytes();
            context.write(whole);
        }
    }

    private ByteBuf buffer(int room) {
        if (out == null) {
            out = context.alloc().buffer(Math.max(512, room));
        }
        return out.ensureWritable(room);
    }
}
