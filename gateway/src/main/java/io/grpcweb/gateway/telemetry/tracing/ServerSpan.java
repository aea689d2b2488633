package io.grpcweb.gateway.telemetry.tracing;

import io.grpcweb.gateway.config.TracingConfig;
import io.grpcweb.gateway.http.CallTrace;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.SideSpan;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.telemetry.export.Exporter;
import io.grpcweb.gateway.telemetry.export.ProtoWriter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.concurrent.ThreadLocalRandom;

/** The span of an exchange: decided at its begin, written at its end. */
final class ServerSpan implements CallTrace, Exporter.Item {
    private static final AsciiString DECORATOR = AsciiString.cached("x-envoy-decorator-operation");

    private static final AsciiString INTERNAL = AsciiString.cached("x-envoy-internal");

    private final Tracer tracer;
    private final StreamInfo info;
    private RouteTrace route;
    private long high;
    private long low;
    private long span;
    private boolean sampled;
    private TraceContext caller;
    private CharSequence named;
    private String told;
    private ServiceSpan answering;

    ServerSpan(Tracer tracer, StreamInfo info) {
        this.tracer = tracer;
        this.info = info;
    }

    @Override
    public void routed(Exchange exchange, Http2Headers head) {
        route = tracer.route(
                exchange.route() == null
                        ? TracingConfig.OfRoute.NOTHING
                        : exchange.route().tracing());
        boolean edge = exchange.http().identity().useRemoteAddress() && !head.contains(INTERNAL);
        TraceReason reason = tracer.sampling().decide(head, edge, route.sampling());
        tracer.count(reason);
        if (!tracer.isSending()) {
            return;
        }
        caller = tracer.read(head);
        ThreadLocalRandom random = ThreadLocalRandom.current();
        if (caller == null) {
            high = random.nextLong();
            low = notZero(random);
        } else {
            high = caller.high();
            low = caller.low();
        }
        span = notZero(random);
        sampled = reason != TraceReason.NONE && tracer.sampling().samples(caller, low);
        decorate(head);
    }

    private static long notZero(ThreadLocalRandom random) {
        long id = random.nextLong();
        return id == 0 ? 1 : id;
    }

    /** The caller's name for what it does counts before the route's, and is for this span alone. */
    private void decorate(Http2Headers head) {
        named = route.decorator();
        told = route.tellsDecorator() ? route.decorator() : null;
        if (tracer.isEgress()) {
            if (told != null) {
                head.set(DECORATOR, told);
            }
            return;
        }
        CharSequence given = head.get(DECORATOR);
        if (given != null) {
            head.remove(DECORATOR);
            if (given.length() > 0) {
                named = given;
                told = null;
            }
        }
    }

    @Override
    public void responding(Http2Headers head) {
        CharSequence id = info.requestHeaders.get(TraceReason.REQUEST_ID);
        if (id != null && info.requestHeaders.contains(Sampling.FORCE)) {
            // Whoever asks for a trace wants to find it.
            head.set(TraceReason.REQUEST_ID, id);
        }
        if (!tracer.isEgress()) {
            if (told != null) {
                head.set(DECORATOR, told);
            }
            return;
        }
        CharSequence given = head.get(DECORATOR);
        if (given != null) {
            named = given.length() > 0 ? given : named;
            head.remove(DECORATOR);
        }
    }

    /** Whether there is a trace: a request that was refused before it had a route has none. */
    private boolean hasBegun() {
        return span != 0;
    }

    @Override
    public SideSpan side(String method, String cluster, Http2Headers head) {
        return side(method, cluster, false, head);
    }

    @Override
    public SideSpan side(String cluster, Http2Headers head) {
        return side(head.method().toString(), cluster, true, head);
    }

    private SideSpan side(String method, String cluster, boolean http, Http2Headers head) {
        if (!hasBegun()) {
            return null;
        }
        ServiceSpan service = sampled ? new ServiceSpan(this, method, cluster, http) : null;
        if (tracer.tellsBackends()) {
            inject(head, service == null ? span : service.id());
        }
        return service;
    }

    @Override
    public void tagSide(String name, String value) {
        if (answering != null) {
            answering.tag(name, value);
        }
    }

    /** The {@code tracestate} that the caller sent; null for none. */
    String callerState() {
        return caller == null ? null : caller.state();
    }

    /** The span whose filter is told of its answer; null for none. */
    void answering(ServiceSpan service) {
        answering = service;
    }

    @Override
    public boolean isSampled() {
        return sampled;
    }

    @Override
    public String traceId() {
        return hasBegun() ? Hex.text(high, low).toString() : null;
    }

    @Override
    public String spanId() {
        return hasBegun() ? Hex.text(span).toString() : null;
    }

    StreamInfo info() {
        return info;
    }

    Tracer tracer() {
        return tracer;
    }

    RouteTrace route() {
        return route;
    }

    long high() {
        return high;
    }

    long low() {
        return low;
    }

    long id() {
        return span;
    }

    /** Tells the backend of the trace, with this span or another one as the parent of its own. */
    void inject(Http2Headers head, long parent) {
        if (hasBegun()) {
            tracer.write(
                    head,
                    new TraceContext(high, low, parent, sampled, caller == null ? "" : caller.state()),
                    parent == span ? caller == null ? 0 : caller.span() : span);
        }
    }

    @Override
    public void write(ProtoWriter out) {
        int begin = SpanWriter.begin(out, high, low, span, caller == null ? 0 : caller.span());
        out.text(3, callerState());
        SpanWriter.about(
                out,
                name(),
                tracer.isEgress() && !tracer.spansAttempts() ? SpanWriter.CLIENT : SpanWriter.SERVER,
                SpanWriter.epoch(info, info.startNanos),
                SpanWriter.epoch(info, info.endNanos));
        String[] own = route.tags().values(info);
        Attributes attributes = new Attributes(out, route.tags().names(own));
        boolean failed = tracer.tags().write(this, attributes);
        route.tags().write(own, attributes);
        if (tracer.isVerbose()) {
            SpanWriter.event(out, "last_downstream_rx_byte_received", info, info.lastRequestByteNanos);
            SpanWriter.event(out, "first_upstream_tx_byte_sent", info, info.firstUpstreamTxNanos);
            SpanWriter.event(out, "last_upstream_tx_byte_sent", info, info.lastUpstreamTxNanos);
            SpanWriter.event(out, "first_upstream_rx_byte_received", info, info.firstUpstreamRxNanos);
            SpanWriter.event(out, "last_upstream_rx_byte_received", info, info.lastUpstreamRxNanos);
            SpanWriter.event(out, "first_downstream_tx_byte_sent", info, info.firstResponseByteNanos);
            SpanWriter.event(out, "last_downstream_tx_byte_sent", info, info.endNanos);
        }
        SpanWriter.end(out, begin, failed, caller != null);
    }

    private CharSequence name() {
        if (route.operation() != null) {
            return route.operation().of(info);
        }
        return named == null ? tracer.tags().name(this) : named;
    }
}
