package io.grpcweb.gateway.filter.grpcweb;

import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.config.RouteConfig.Route;
import io.grpcweb.gateway.filter.coding.CodingKind;
import io.grpcweb.gateway.filter.coding.Decoders;
import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.FieldValues;
import io.grpcweb.gateway.http.FrameScanner;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.MediaType;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * The request half of the translation: a gRPC-Web call becomes a gRPC call. {@link GrpcWebResponse} is the other half.
 */
public final class GrpcWebFilter extends HttpFilter {
    private static final AsciiString GRPC = AsciiString.cached("application/grpc");

    private final Exchange exchange;
    private final GrpcWebResponse response;
    private final CodedMessages messages;
    private final QuartetDecoder decoder;
    private final FrameScanner requestFrames = new FrameScanner();
    private final long mostBytes;
    private final boolean keepsQuery;
    private final boolean passesCodings;

    /** Whether the body of the request is in a content coding, so that its frames cannot be seen. */
    private boolean coded;

    private GrpcWebFilter(
            Exchange exchange,
            CallFormat requestForm,
            CallFormat responseForm,
            String subFormat,
            boolean keepsQuery,
            boolean passesCodings,
            Decoders decoders) {
        this.exchange = exchange;
        this.keepsQuery = keepsQuery;
        this.passesCodings = passesCodings;
        OptionalInt limit = exchange.http().limits().messageBytes();
        this.mostBytes = limit.isPresent() ? limit.getAsInt() : Long.MAX_VALUE;
        this.messages = new CodedMessages(decoders);
        this.response = new GrpcWebResponse(exchange, responseForm, subFormat, mostBytes, messages);
        this.decoder = requestForm == CallFormat.GRPC_WEB_TEXT ? new QuartetDecoder() : null;
    }

    /**
     * Makes filters for gRPC-Web requests, and none for others.
     *
     * @param keepsQuery whether the query of a path goes on for a route, because a filter looks at it; the route is null where none fits
     * @param passesCodings whether a request in a content coding goes on, because a filter has judged it
     */
    public static HttpFilterFactory factory(Predicate<Route> keepsQuery, boolean passesCodings) {
        Decoders decoders = Decoders.of(CodingKind.GZIP);
        return new HttpFilterFactory() {
            @Override
            public HttpFilter create(Exchange exchange, Http2Headers head) {
                return GrpcWebFilter.create(exchange, head, keepsQuery.test(exchange.route()), passesCodings, decoders);
            }

            @Override
            public boolean translatesCalls() {
                return true;
            }
        };
    }

    private static HttpFilter create(
            Exchange exchange, Http2Headers head, boolean keepsQuery, boolean passesCodings, Decoders decoders) {
        CharSequence contentType = head.get(HttpHeaderNames.CONTENT_TYPE);
        CallFormat form = MediaType.formatOf(contentType);
        if (!form.isGrpcWeb()) {
            return null;
        }
        CharSequence accept = FieldValues.joined(head, HttpHeaderNames.ACCEPT);
        CallFormat asked = accept == null ? null : MediaType.accepted(accept);
        if (asked == null) {
            // Envoy answers in binary whatever the request was; a client that sends text can rarely read that.
            asked = exchange.errorFormat() == ErrorFormat.BROWSER ? form : CallFormat.GRPC_WEB;
        }
        return new GrpcWebFilter(exchange, form, asked, subFormat(contentType), keepsQuery, passesCodings, decoders);
    }

    private static String subFormat(CharSequence contentType) {
        String found = MediaType.subFormat(contentType);
        return found == null ? "proto" : found;
    }

    @Override
    public void requestHead(Http2Headers head, boolean end) {
        if (!"POST".contentEquals(head.method())) {
            exchange.reply(LocalReply.methodNotAllowed());
            return;
        }
        Iterator<CharSequence> types = head.valueIterator(HttpHeaderNames.CONTENT_TYPE);
        types.next();
        if (types.hasNext()) {
            exchange.reply(LocalReply.unsupportedMediaType("more than one content-type"));
            return;
        }
        CharSequence coding = FieldValues.joined(head, HttpHeaderNames.CONTENT_ENCODING);
        coded = coding != null && !AsciiString.contentEqualsIgnoreCase(HttpHeaderValues.IDENTITY, coding);
        if (coded && (!passesCodings || decoder != null)) {
            // No backend understands a compressed gRPC stream; messages are compressed one by one.
            exchange.reply(LocalReply.unsupportedMediaType("content-encoding " + coding + " on a gRPC-Web request"));
            return;
        }
        // A filter above may have changed it.
        response.subFormat(subFormat(head.get(HttpHeaderNames.CONTENT_TYPE)));
        if (!coded) {
            head.remove(HttpHeaderNames.CONTENT_ENCODING);
        }
        head.remove(HttpHeaderNames.CONTENT_LENGTH);
        head.set(
                HttpHeaderNames.CONTENT_TYPE,
                response.subFormat().equals("proto") ? GRPC : "application/grpc+" + response.subFormat());
        // grpc backends refuse a call without it (PROTOCOL-HTTP2.md, Request-Headers).
        head.set(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS);
        messages.accepted(FieldValues.joined(head, GrpcHeaders.ACCEPT_ENCODING));
        if (!head.contains(GrpcHeaders.ACCEPT_ENCODING)) {
            // grpc-web clients fail on a compressed frame.
            head.set(GrpcHeaders.ACCEPT_ENCODING, HttpHeaderValues.IDENTITY);
        }
        int query = keepsQuery ? -1 : AsciiString.indexOf(head.path(), '?', 0);
        if (query >= 0) {
            // A gRPC path has no query; a backend would not find the method.
            head.path(head.path().subSequence(0, query));
        }
        lower().requestHead(head, end);
    }

    @Override
    public void requestData(ByteBuf data, boolean end) {
        ByteBuf bytes = data;
        if (decoder != null) {
            bytes = decoder.decode(data, data.alloc());
            data.release();
            if (bytes == null) {
                exchange.reply(LocalReply.badBase64(false));
                return;
            }
            if (end && !decoder.isComplete()) {
                bytes.release();
                exchange.reply(LocalReply.badBase64(true));
                return;
            }
        }
        if (!coded) {
            requestFrames.scan(bytes);
        }
        if (requestFrames.longest() > mostBytes) {
            bytes.release();
            exchange.reply(LocalReply.messageTooLong(requestFrames.longest(), mostBytes));
            return;
        }
        exchange.info().requestMessages = requestFrames.messages();
        if (bytes.isReadable() || end) {
            lower().requestData(bytes, end);
        } else {
            bytes.release();
        }
    }

    @Override
    public void requestTrailers(Http2Headers trailers) {
        if (decoder != null && !decoder.isComplete()) {
            exchange.reply(LocalReply.badBase64(true));
        } else {
            lower().requestTrailers(trailers);
        }
    }

    @Override
    public void cancel() {
        response.release();
        lower().cancel();
    }

    @Override
    public void responseHead(Http2Headers head, boolean end) {
        response.head(upper(), head, end);
    }

    @Override
    public void responseData(ByteBuf data, boolean end) {
        response.data(upper(), data, end);
    }

    @Override
    public void responseTrailers(Http2Headers trailers) {
        response.trailers(upper(), trailers);
    }

    @Override
    public void responseAbort(LocalReply reason) {
        response.abort(upper(), reason);
    }
}
