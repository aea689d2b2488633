package io.grpcweb.gateway.telemetry.tracing;

import io.grpcweb.gateway.http.AttemptObserver;
import io.grpcweb.gateway.http.Protocol;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.http.UpstreamFailure;
import io.grpcweb.gateway.telemetry.export.Exporter;
import io.grpcweb.gateway.telemetry.export.ProtoWriter;
import java.net.SocketAddress;
import java.util.concurrent.ThreadLocalRandom;

/** The span of one attempt at a backend, below that of its exchange. */
final class AttemptSpan implements AttemptObserver.Ending, Exporter.Item {
    private final ServerSpan exchange;
    private final long id;
    private final long beganNanos = System.nanoTime();
    private final int number;
    private final String cluster;
    private final String host;
    private final SocketAddress endpoint;
    private long endNanos;
    private int status;
    private int grpcStatus;
    private CharSequence grpcMessage;
    private UpstreamFailure failure;
    private boolean givenUp;

    AttemptSpan(ServerSpan exchange) {
        StreamInfo info = exchange.info();
        long random = ThreadLocalRandom.current().nextLong();
        this.exchange = exchange;
        this.id = random == 0 ? 1 : random;
        this.number = info.attempts;
        this.cluster = info.cluster;
        this.host = info.upstreamHost;
        this.endpoint = info.upstreamRemote;
    }

    long id() {
        return id;
    }

    StreamInfo info() {
        return exchange.info();
    }

    /** Counts up from 1. */
    int number() {
        return number;
    }

    String cluster() {
        return cluster;
    }

    String host() {
        return host;
    }

    SocketAddress endpoint() {
        return endpoint;
    }

    /** Null where there was no connection. */
    Protocol protocol() {
        return failure != null && failure.isConnectFailure() ? null : info().upstreamProtocol;
    }

    int status() {
        return status;
    }

    int grpcStatus() {
        return grpcStatus;
    }

    CharSequence grpcMessage() {
        return grpcMessage;
    }

    UpstreamFailure failure() {
        return failure;
    }

    boolean isGivenUp() {
        return givenUp;
    }

    /** Why the attempt ended as it did, by the short names of response flags. */
    String flags() {
        return failure == null ? "-" : failure.flag().shortName();
    }

    @Override
    public void ended(int httpStatus, int grpc, CharSequence message, UpstreamFailure how, boolean gatewayGaveUp) {
        endNanos = System.nanoTime();
        status = httpStatus;
        grpcStatus = grpc;
        grpcMessage = message;
        failure = how;
        givenUp = gatewayGaveUp;
        exchange.tracer().send(this);
    }

    @Override
    public void write(ProtoWriter out) {
        StreamInfo info = info();
        Tracer tracer = exchange.tracer();
        RouteTrace route = exchange.route();
        int begin = SpanWriter.begin(out, exchange.high(), exchange.low(), id, exchange.id());
        out.text(3, exchange.callerState());
        SpanWriter.about(
                out,
                route.attemptOperation() == null
                        ? tracer.tags().name(this)
                        : route.attemptOperation().of(info),
                SpanWriter.CLIENT,
                SpanWriter.epoch(info, beganNanos),
                SpanWriter.epoch(info, endNanos));
        String[] own = route.tags().values(info);
        Attributes attributes = new Attributes(out, route.tags().names(own));
        boolean failed = tracer.tags().write(this, attributes);
        route.tags().write(own, attributes);
        if (tracer.isVerbose()) {
            SpanWriter.event(out, "first_upstream_tx_byte_sent", info, info.firstUpstreamTxNanos);
            SpanWriter.event(out, "last_upstream_tx_byte_sent", info, info.lastUpstreamTxNanos);
            SpanWriter.event(out, "first_upstream_rx_byte_received", info, info.firstUpstreamRxNanos);
            if (status != 0 && failure == null && !givenUp) {
                SpanWriter.event(out, "last_upstream_rx_byte_received", info, endNanos);
            }
        }
        SpanWriter.end(out, begin, failed, false);
    }
}
