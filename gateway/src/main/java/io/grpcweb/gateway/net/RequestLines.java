package io.grpcweb.gateway.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/**
 * Netty's decoder of HTTP/1.1 requests, which repairs lines that RFC 9112 lets nobody send: it takes any blanks for one,
 * any case for a version, and joins lines that are folded. What was repaired is read differently by others on the way, so
 * such a message is given on as a failed one.
 */
public class RequestLines extends HttpRequestDecoder {
    private boolean inBody;
    private boolean inHead;
    private String fault;

    /** The lines are those of HTTP, but not of a version that is spoken here. */
    public static final class VersionNotSupported extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        VersionNotSupported(String version) {
            super(version);
        }
    }

    /** The first line is none of any version of HTTP. */
    public static final class NotHttp extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        NotHttp(String text) {
            super(text);
        }
    }

    public RequestLines(HttpDecoderConfig config) {
        super(config);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        int from = in.readerIndex();
        int before = out.size();
        super.decode(ctx, in, out);
        // Netty takes whole lines, so what it has taken begins and ends with one.
        if (!inBody) {
            head(in, from, in.readerIndex());
        } else if (!hasData(out, before)) {
            trailers(in, from, in.readerIndex());
        }
        for (int i = before; i < out.size(); i++) {
            HttpObject message = (HttpObject) out.get(i);
            if (fault != null && message.decoderResult().isSuccess()) {
                message.setDecoderResult(DecoderResult.failure(new IllegalArgumentException(fault)));
                fault = null;
            }
            if (message instanceof HttpRequest) {
                inBody = true;
                inHead = false;
            }
            if (message instanceof LastHttpContent) {
                inBody = false;
            }
        }
    }

    private static boolean hasData(List<Object> out, int from) {
        for (int i = from; i < out.size(); i++) {
            if (out.get(i) instanceof HttpContent content && content.content().isReadable()) {
                return true;
            }
        }
        return false;
    }

    private void head(ByteBuf in, int from, int to) {
        int at = from;
        while (at < to) {
            int end = in.indexOf(at, to, (byte) '\n');
            end = end < 0 ? to : end;
            if (inHead) {
                unfolded(in, at);
            } else if (end > at && !(end == at + 1 && in.getByte(at) == '\r')) {
                inHead = true;
                startLine(in, at, end);
            }
            at = end + 1;
        }
    }

    private void trailers(ByteBuf in, int from, int to) {
        for (int at = from; at < to && at >= 0; ) {
            unfolded(in, at);
            int end = in.indexOf(at, to, (byte) '\n');
            at = end < 0 ? to : end + 1;
        }
    }

    /** RFC 9112 section 5.2. */
    private void unfolded(ByteBuf in, int at) {
        byte first = in.getByte(at);
        if (first == ' ' || first == '\t') {
            fault = "a line that goes on with the one before";
        }
    }

    /** RFC 9112 section 3: three words and two blanks. */
    private void startLine(ByteBuf in, int at, int end) {
        int last = end > at && in.getByte(end - 1) == '\r' ? end - 1 : end;
        int blanks = 0;
        byte before = ' ';
        for (int i = at; i < last; i++) {
            byte c = in.getByte(i);
            if (c == ' ') {
                blanks++;
                if (before == ' ') {
                    fault = "a start line with blanks that separate nothing";
                }
            } else if (c >= 0 && c < ' ' || c == 0x7f) {
                fault = "a start line with control characters";
            }
            before = c;
        }
        if (blanks != 2 || before == ' ') {
            fault = "a start line that is not three words";
        }
    }

    @Override
    protected HttpMessage createMessage(String[] words) throws Exception {
        String version = words[2];
        if (!version.equals("HTTP/1.1") && !version.equals("HTTP/1.0")) {
            if (isVersion(version)) {
                throw new VersionNotSupported(version);
            }
            if (isWord(words[1]) && isWord(version)) {
                throw new NotHttp(version);
            }
            throw new IllegalArgumentException(version);
        }
        return super.createMessage(words);
    }

    /** Neither a target nor a version: letters. */
    private static boolean isWord(String text) {
        return !text.isEmpty() && text.chars().allMatch(Character::isLetter);
    }

    private static boolean isVersion(String text) {
        return text.length() == 8
                && text.startsWith("HTTP/")
                && Character.isDigit(text.charAt(5))
                && text.charAt(6) == '.'
                && Character.isDigit(text.charAt(7));
    }
}
