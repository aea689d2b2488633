package io.grpcweb.gateway.telemetry.tracing;

import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.TracingConfig;
import io.grpcweb.gateway.http.AttemptObserver;
import io.grpcweb.gateway.http.ExchangeObserver;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.http.Substitution;
import io.grpcweb.gateway.stats.HttpTracingStats;
import io.grpcweb.gateway.stats.Stats;
import io.grpcweb.gateway.telemetry.export.Envelope;
import io.grpcweb.gateway.telemetry.export.Exporter;
import io.grpcweb.gateway.telemetry.export.Exports;
import io.grpcweb.gateway.telemetry.export.ProtoWriter;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Traces the exchanges of one filter chain. */
public final class Tracer implements ExchangeObserver, AttemptObserver {
    private static final String METHOD = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

    /** What routes say is compiled when it is first needed; routes that are long gone are forgotten at some time. */
    private static final int MOST_ROUTES = 10_000;

    private final TracingConfig config;
    private final Substitution.Compiler compiler;
    private final HttpTracingStats stats;
    private final Sampling sampling;
    private final List<ContextFields> context = new ArrayList<>();
    private final SpanTags tags;
    private final RouteTrace usual;
    private final Map<TracingConfig.OfRoute, RouteTrace> routes = new ConcurrentHashMap<>();

    /** Null where no spans are sent. */
    private final Exporter exporter;

    /**
     * The tracer of a filter chain.
     *
     * @param statPrefix of the filter chain
     * @param node what spans say of where they are from
     */
    public Tracer(
            TracingConfig config,
            String statPrefix,
            GatewayConfig.Node node,
            Stats stats,
            Exports exports,
            Substitution.Compiler compiler) {
        this.config = config;
        this.compiler = compiler;
        this.stats = stats.http(statPrefix).tracing;
        this.sampling = new Sampling(config);
        if (config.context().w3c()) {
            context.add(new W3cContext());
        }
        if (config.context().b3()) {
            context.add(new B3Context());
        }
        this.tags = config.spans().names() == TracingConfig.Names.ENVOY
                ? new EnvoyTags(config.spans(), node)
                : new ConventionTags();
        this.usual = RouteTrace.of(config.spans(), TracingConfig.OfRoute.NOTHING, compiler);
        this.exporter = config.collector()
                .map(collector -> exports.open(
                        "spans",
                        collector,
                        METHOD,
                        new Exporter.Limits(
                                config.flushing().spans(),
                                Integer.MAX_VALUE,
                                config.flushing().interval(),
                                config.flushing().most()),
                        Envelope.otlp(Attributes.resource(config.resource()), scope()),
                        stats.group(SpanStats.NAME, SpanStats.class, SpanStats::new)))
                .orElse(null);
    }

    /** An {@code opentelemetry.proto.common.v1.InstrumentationScope} as a field. */
    private static byte[] scope() {
        ProtoWriter out = new ProtoWriter();
        int scope = out.open(1);
        out.text(1, "grpc-web-gateway");
        out.close(scope);
        return out.copy();
    }

    @Override
    public void started(StreamInfo info) {
        info.trace = new ServerSpan(this, info);
    }

    @Override
    public void ended(StreamInfo info) {
        if (info.trace instanceof ServerSpan span && span.isSampled()) {
            send(span);
        }
    }

    @Override
    public AttemptObserver attempts() {
        return this;
    }

    @Override
    public Ending began(StreamInfo info, Http2Headers head) {
        if (!(info.trace instanceof ServerSpan span)) {
            return null;
        }
        AttemptSpan attempt = spansAttempts() && span.isSampled() ? new AttemptSpan(span) : null;
        if (tellsBackends()) {
            span.inject(head, attempt == null ? span.id() : attempt.id());
        }
        return attempt;
    }

    @Override
    public void release() {
        if (exporter != null) {
            exporter.release();
        }
    }

    void send(Exporter.Item span) {
        exporter.add(span);
    }

    /** What a route says, put together with what the listener does. */
    RouteTrace route(TracingConfig.OfRoute route) {
        if (route.equals(TracingConfig.OfRoute.NOTHING)) {
            return usual;
        }
        RouteTrace known = routes.get(route);
        if (known == null) {
            if (routes.size() >= MOST_ROUTES) {
                routes.clear();
            }
            known = routes.computeIfAbsent(route, absent -> RouteTrace.of(config.spans(), absent, compiler));
        }
        return known;
    }

    /** What the client says of its trace; null for nothing. */
    TraceContext read(Http2Headers head) {
        for (ContextFields fields : context) {
            TraceContext found = fields.read(head);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    void write(Http2Headers head, TraceContext trace, long parent) {
        for (ContextFields fields : context) {
            fields.write(head, trace, parent);
        }
    }

    void count(TraceReason reason) {
        switch (reason) {
            case NONE -> stats.notTraceable.increment();
            case SAMPLED -> stats.randomSampling.increment();
            case FORCED_BY_SERVICE -> stats.serviceForced.increment();
            case ASKED_BY_CLIENT -> stats.clientEnabled.increment();
        }
    }

    Sampling sampling() {
        return sampling;
    }

    SpanTags tags() {
        return tags;
    }

    boolean isSending() {
        return exporter != null;
    }

    boolean tellsBackends() {
        return config.context().toBackends();
    }

    boolean isEgress() {
        return config.spans().egress();
    }

    boolean isVerbose() {
        return config.spans().verbose();
    }

    boolean spansAttempts() {
        return config.spans().ofAttempts();
    }
}
