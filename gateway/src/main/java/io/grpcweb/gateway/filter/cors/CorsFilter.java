package io.grpcweb.gateway.filter.cors;

import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.FieldValues;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Locale;

/**
 * Carries out what {@link CorsDecision} says for one exchange: a preflight is answered here, a response is stamped,
 * local replies among them. {@code vary: origin} goes on every answer of a route with a policy, because
 * what a cache may serve depends on it (RFC 9110 section 12.5.5).
 */
final class CorsFilter extends HttpFilter {
    private static final AsciiString REQUEST_PRIVATE_NETWORK =
            AsciiString.cached("access-control-request-private-network");
    private static final AsciiString ALLOW_PRIVATE_NETWORK = AsciiString.cached("access-control-allow-private-network");

    /** To a call whose page could not read the response anyway: it does not come as far as a backend. */
    private static final LocalReply FOREIGN =
            LocalReply.denied(403, "the origin of this page is not allowed to call", Details.of("cors_origin_refused"));

    private static final int MAX_ECHO = 4096;

    private final Exchange exchange;
    private final CorsDecision decision;
    private final CorsObserver observer;
    private CharSequence origin;
    private boolean allowed;

    /** Of a body that a preflight has for no reason, this much is read over before the response; no browser sends one. */
    private static final int MOST_BODY = 64 * 1024;

    /** A preflight is answered here: what of its body still comes is dropped. */
    private boolean answered;

    /** The response to a preflight that waits for the end of its body, so that the connection can be used again. */
    private Http2Headers waiting;

    private int body;

    /**
     * The origin is judged before any filter is asked: what a filter above answers is stamped as well, and what comes before
     * the first one.
     */
    CorsFilter(Exchange exchange, CorsDecision decision, CorsObserver observer) {
        this.exchange = exchange;
        this.decision = decision;
        this.observer = observer;
        judge(exchange.info().requestHeaders);
    }

    private void judge(Http2Headers head) {
        CharSequence sent = FieldValues.joined(head, HttpHeaderNames.ORIGIN);
        origin = sent == null || sent.length() == 0 ? null : sent;
        allowed = origin != null && decision.allows(origin);
    }

    @Override
    public boolean answersFirst() {
        return allowed && isPreflight(exchange.info().requestHeaders);
    }

    private static boolean isPreflight(Http2Headers head) {
        CharSequence method = head.get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD);
        return "OPTIONS".contentEquals(head.method()) && method != null && method.length() > 0;
    }

    @Override
    public void requestHead(Http2Headers head, boolean end) {
        if (FieldValues.joined(head, HttpHeaderNames.ORIGIN) != origin) {
            // A filter above has changed it.
            judge(head);
        }
        if (origin == null) {
            lower().requestHead(head, end);
            return;
        }
        boolean preflight = isPreflight(head);
        if (allowed) {
            observer.allowed(decision.policy(), preflight);
        } else {
            observer.refused(decision.policy(), origin, preflight);
        }
        if (!preflight
                && !allowed
                && decision.policy().refuseForeign().orElse(false)
                && !SameOrigin.isOf(origin, head)) {
            exchange.reply(FOREIGN);
            return;
        }
        boolean forward = decision.policy().forwardNotMatching().orElse(true);
        if (!preflight || (!allowed && forward)) {
            lower().requestHead(head, end);
            return;
        }
        answered = true;
        Http2Headers answer = preflightAnswer(head);
        if (end) {
            exchange.reply(LocalReply.preflight(), answer, exchange.lowest());
        } else {
            waiting = answer;
        }
    }

    /** A part of a preflight's body was read over. */
    private void bodyRead(int bytes, boolean end) {
        body += bytes;
        if (waiting != null && (end || body > MOST_BODY)) {
            Http2Headers answer = waiting;
            waiting = null;
            exchange.reply(LocalReply.preflight(), answer, exchange.lowest());
        }
    }

    private Http2Headers preflightAnswer(Http2Headers request) {
        CorsPolicy policy = decision.policy();
        Http2Headers answer = new DefaultHttp2Headers(false).status("200");
        if (!policy.allowMethods().isEmpty()) {
            answer.set(
                    HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS,
                    policy.allowMethods().equals("*")
                            ? asMuchAsFits(request.get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD))
                            : policy.allowMethods());
        }
        CharSequence headers = FieldValues.joined(request, HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS);
        if (policy.allowHeaders().equals("*")) {
            // With credentials a literal * would be a name to browsers (Fetch, 3.2.5), so the list is echoed.
            if (headers != null && headers.length() > 0) {
                answer.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, asMuchAsFits(headers));
            }
        } else {
            if (!policy.allowHeaders().isEmpty()) {
                answer.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, policy.allowHeaders());
            }
            reportMissing(headers);
        }
        if (!policy.maxAge().isEmpty()) {
            answer.set(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, policy.maxAge());
        }
        CharSequence privateNetwork = request.get(REQUEST_PRIVATE_NETWORK);
        if (policy.allowPrivateNetwork().orElse(false)
                && privateNetwork != null
                && "true".contentEquals(privateNetwork)) {
            answer.set(ALLOW_PRIVATE_NETWORK, "true");
        }
        return answer;
    }

    /** What is echoed has an end: whole names of a list, up to a length that no page needs. */
    private static CharSequence asMuchAsFits(CharSequence list) {
        if (list.length() <= MAX_ECHO) {
            return list;
        }
        String beginning = list.subSequence(0, MAX_ECHO + 1).toString();
        return beginning.substring(0, Math.max(0, beginning.lastIndexOf(',')));
    }

    private void reportMissing(CharSequence asked) {
        if (!allowed || asked == null) {
            return;
        }
        String listed = "," + decision.policy().allowHeaders().replace(" ", "").toLowerCase(Locale.ROOT) + ",";
        for (String name : asked.toString().split(",", -1)) {
            String wanted = name.strip().toLowerCase(Locale.ROOT);
            if (!wanted.isEmpty() && !listed.contains("," + wanted + ",")) {
                observer.refusedHeader(decision.policy(), origin, wanted);
                return;
            }
        }
    }

    @Override
    public void requestData(ByteBuf data, boolean end) {
        if (answered) {
            int bytes = data.readableBytes();
            data.release();
            bodyRead(bytes, end);
        } else {
            lower().requestData(data, end);
        }
    }

    @Override
    public void requestTrailers(Http2Headers trailers) {
        if (answered) {
            bodyRead(0, true);
        } else {
            lower().requestTrailers(trailers);
        }
    }

    @Override
    public void responseHead(Http2Headers head, boolean end) {
        decision.stamp(head, allowed ? origin : null);
        upper().responseHead(head, end);
    }
}
