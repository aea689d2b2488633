package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.FieldValues;
import io.grpcweb.gateway.http.Hygiene;
import io.grpcweb.gateway.http.StreamInfo;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/** The last touch on the head of every answer: what concerns the backend's connection goes, server and date come. */
final class ResponseStamp {
    static final AsciiString REQUEST_ID = AsciiString.cached("x-request-id");

    private final HttpConfig http;
    private final DateClock clock;
    private final AsciiString server;

    ResponseStamp(HttpService service) {
        this.http = service.http();
        this.clock = service.dates();
        this.server = new AsciiString(http.server().name());
    }

    void apply(Http2Headers head, Exchange exchange) {
        if (exchange != null && exchange.localReply() == null) {
            Hygiene.cleanResponse(head);
        }
        if ("204".contentEquals(head.status())) {
            // RFC 9110 section 8.6.
            head.remove(HttpHeaderNames.CONTENT_LENGTH);
        }
        stampServer(head);
        http.identity().hop().via().ifPresent(name -> FieldValues.append(head, HttpHeaderNames.VIA, name));
        if (!head.contains(HttpHeaderNames.DATE)) {
            head.set(HttpHeaderNames.DATE, clock.now());
        }
        if (exchange != null) {
            stampCall(head, exchange.info());
        }
    }

    private void stampCall(Http2Headers head, StreamInfo info) {
        if (http.identity().requestIdInResponse()) {
            CharSequence id = info.requestHeaders.get(REQUEST_ID);
            if (id != null) {
                head.set(REQUEST_ID, id);
            }
        }
        if (info.trace != null) {
            info.trace.responding(head);
        }
    }

    private void stampServer(Http2Headers head) {
        switch (http.server().transformation()) {
            case OVERWRITE -> head.set(HttpHeaderNames.SERVER, server);
            case APPEND_IF_ABSENT -> {
                if (!head.contains(HttpHeaderNames.SERVER)) {
                    head.set(HttpHeaderNames.SERVER, server);
                }
            }
            case PASS_THROUGH -> {}
        }
    }
}
