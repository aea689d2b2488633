package io.grpcweb.gateway.filter.compressor;

import io.grpcweb.gateway.filter.coding.CacheControl;
import io.grpcweb.gateway.filter.compressor.CompressorConfig.Etags;
import io.grpcweb.gateway.filter.compressor.Negotiation.Choice;
import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.FieldValues;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.MediaType;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/** Decides whether a response is compressed, and what is counted and told of that. */
final class ResponseVerdict {
    private static final AsciiString ACCEPT_ENCODING = AsciiString.cached("Accept-Encoding");
    private static final AsciiString STATUS = AsciiString.cached("x-envoy-compression-status");

    private final Exchange exchange;
    private final CompressorFactory factory;
    private final CompressorConfig.Responses rules;

    ResponseVerdict(Exchange exchange, CompressorFactory factory) {
        this.exchange = exchange;
        this.factory = factory;
        this.rules = factory.config().responses();
    }

    /**
     * The coding that the client gets; null for none. The head is told that it depends on the client's wish where it does.
     *
     * @param accepted what the client accepts; may be null
     */
    Method choose(Http2Headers head, boolean end, CharSequence accepted) {
        if (!factory.config().response().enabled()) {
            return null;
        }
        if (!isLongEnough(head, end)) {
            factory.methods().forEach(method -> method.stats().response.tooShort.increment());
            tell(head, end, "ContentLengthTooSmall");
            return null;
        }
        String essence = ContentTypes.essence(head.get(HttpHeaderNames.CONTENT_TYPE));
        boolean compressible = isCompressible(head, end, essence);
        Method chosen = null;
        if (!end && (compressible || !rules.tellStatus())) {
            chosen = accepted(accepted, essence);
        }
        if (compressible) {
            vary(head);
            return chosen;
        }
        return null;
    }

    /** What Envoy's grpc_web says of the length of a status without a body is for the client alone. */
    private boolean isLongEnough(Http2Headers head, boolean end) {
        boolean bare = end && exchange.localReply() == null && head.contains(GrpcHeaders.STATUS);
        return bare || factory.config().response().leastBytes() <= lengthOf(head.get(HttpHeaderNames.CONTENT_LENGTH));
    }

    /** The number in a content-length; beyond all where there is none. */
    static long lengthOf(CharSequence field) {
        if (field == null) {
            return Long.MAX_VALUE;
        }
        try {
            return Long.parseLong(field, 0, field.length(), 10);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private boolean isCompressible(Http2Headers head, boolean end, String essence) {
        if (!factory.responseTypes().contain(essence)) {
            tell(head, end, "ContentTypeNotAllowed");
            return false;
        }
        if (rules.etags() == Etags.KEEP && head.contains(HttpHeaderNames.ETAG)) {
            factory.methods().forEach(method -> method.stats().notCompressedEtag.increment());
            tell(head, end, "EtagNotAllowed");
            return false;
        }
        if (rules.exceptStatuses().contains(Exchange.status(head))) {
            tell(head, end, "StatusCodeNotAllowed");
            return false;
        }
        return !head.contains(HttpHeaderNames.CONTENT_ENCODING) && CacheControl.mayTransform(head) && isWhole(head);
    }

    /** The filter grpc-web, where it stands above, puts a frame behind what passes here; gRPC messages may be coded already. */
    private boolean isWhole(Http2Headers head) {
        CallFormat form = MediaType.formatOf(head.get(HttpHeaderNames.CONTENT_TYPE));
        if (form == CallFormat.GRPC && exchange.info().format.isGrpcWeb()) {
            return false;
        }
        CharSequence coded = form == CallFormat.HTTP || rules.codedMessages() ? null : head.get(GrpcHeaders.ENCODING);
        return coded == null || HttpHeaderValues.IDENTITY.contentEquals(coded);
    }

    /** The coding of this filter that the client takes, if it takes one; it is counted. */
    private Method accepted(CharSequence accepted, String essence) {
        if (accepted == null) {
            factory.methods().forEach(method -> method.stats().noAcceptHeader.increment());
            return null;
        }
        Choice choice = factory.negotiation().choose(accepted, essence);
        Method chosen = null;
        for (Method method : factory.methods()) {
            boolean mine = method.token().contentEquals(choice.token());
            CompressorStats stats = method.stats();
            switch (choice.reason()) {
                case NAMED -> (mine ? stats.headerCompressorUsed : stats.headerCompressorOvershadowed).increment();
                case WILDCARD -> stats.headerWildcard.increment();
                case IDENTITY -> stats.headerIdentity.increment();
                case NOT_VALID -> stats.headerNotValid.increment();
            }
            if (mine) {
                chosen = method;
            }
        }
        return chosen;
    }

    /** The head of a response that is compressed. */
    void change(Http2Headers head, Method method) {
        CharSequence length = head.get(HttpHeaderNames.CONTENT_LENGTH);
        head.remove(HttpHeaderNames.CONTENT_LENGTH);
        head.set(HttpHeaderNames.CONTENT_ENCODING, method.token());
        CharSequence etag = head.get(HttpHeaderNames.ETAG);
        boolean strong = etag != null && !AsciiString.regionMatches(etag, true, 0, "W/", 0, 2);
        if (strong && rules.etags() == Etags.WEAKEN) {
            head.set(HttpHeaderNames.ETAG, "W/" + etag);
        } else if (strong) {
            head.remove(HttpHeaderNames.ETAG);
        }
        if (rules.tellStatus()) {
            head.add(STATUS, method.token() + ";Compressed" + (length == null ? "" : ";OriginalLength=" + length));
        }
    }

    private void tell(Http2Headers head, boolean end, String why) {
        if (rules.tellStatus() && !end) {
            head.add(STATUS, factory.methods().get(0).token() + ";" + why);
        }
    }

    private static void vary(Http2Headers head) {
        CharSequence vary = FieldValues.joined(head, HttpHeaderNames.VARY);
        if (vary == null) {
            head.set(HttpHeaderNames.VARY, ACCEPT_ENCODING);
            return;
        }
        for (String name : vary.toString().split(",", -1)) {
            if (ACCEPT_ENCODING.contentEqualsIgnoreCase(name.strip())
                    || name.strip().equals("*")) {
                return;
            }
        }
        head.set(HttpHeaderNames.VARY, vary + ", " + ACCEPT_ENCODING);
    }
}
