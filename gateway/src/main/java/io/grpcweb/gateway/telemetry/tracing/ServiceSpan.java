package io.grpcweb.gateway.telemetry.tracing;

import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.SideSpan;
import io.grpcweb.gateway.telemetry.export.Exporter;
import io.grpcweb.gateway.telemetry.export.ProtoWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** The span of a call that a filter makes to a service, below that of its exchange. */
final class ServiceSpan implements SideSpan, Exporter.Item {
    private final ServerSpan exchange;
    private final String method;
    private final String cluster;
    private final boolean http;
    private final long id;
    private final long beganNanos = System.nanoTime();
    private final Map<String, String> tags = new LinkedHashMap<>(2);
    private long endNanos;
    private GrpcStatus status;
    private int httpStatus;

    ServiceSpan(ServerSpan exchange, String method, String cluster, boolean http) {
        long random = ThreadLocalRandom.current().nextLong();
        this.exchange = exchange;
        this.method = method;
        this.cluster = cluster;
        this.http = http;
        this.id = random == 0 ? 1 : random;
    }

    long id() {
        return id;
    }

    /** {@code /package.Service/Method}; the method of HTTP where it is no gRPC call. */
    String method() {
        return method;
    }

    String cluster() {
        return cluster;
    }

    /** Whether it is a request over HTTP and no gRPC call. */
    boolean isHttp() {
        return http;
    }

    /** Null where the filter has given the call up, and for HTTP. */
    GrpcStatus status() {
        return status;
    }

    /** 0 where the filter has given the request up, and for gRPC. */
    int httpStatus() {
        return httpStatus;
    }

    void tag(String name, String value) {
        tags.put(name, value);
    }

    @Override
    public void answering() {
        exchange.answering(this);
    }

    @Override
    public void ended(GrpcStatus how) {
        status = how;
        exchange.answering(null);
        send();
    }

    @Override
    public void ended(int how) {
        httpStatus = how;
        exchange.answering(null);
        send();
    }

    @Override
    public void cancelled() {
        send();
    }

    private void send() {
        if (endNanos == 0) {
            endNanos = System.nanoTime();
            exchange.tracer().send(this);
        }
    }

    @Override
    public void write(ProtoWriter out) {
        int begin = SpanWriter.begin(out, exchange.high(), exchange.low(), id, exchange.id());
        out.text(3, exchange.callerState());
        SpanWriter.about(
                out,
                exchange.tracer().tags().name(this),
                SpanWriter.CLIENT,
                SpanWriter.epoch(exchange.info(), beganNanos),
                SpanWriter.epoch(exchange.info(), endNanos));
        Attributes attributes = new Attributes(out, Set.of());
        boolean failed = exchange.tracer().tags().write(this, attributes);
        tags.forEach((name, value) -> attributes.own(new Key(name), value));
        SpanWriter.end(out, begin, failed, false);
    }
}
