package io.grpcweb.gateway.telemetry.tracing;

import io.grpcweb.gateway.config.TracingConfig;
import io.grpcweb.gateway.config.TracingConfig.RequestIds;
import io.grpcweb.gateway.config.TracingConfig.Sampler;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Which exchanges are traced: by chance, or because somebody asks for it. */
final class Sampling {
    static final AsciiString CLIENT_TRACE_ID = AsciiString.cached("x-client-trace-id");
    static final AsciiString FORCE = AsciiString.cached("x-envoy-force-trace");

    private final TracingConfig.Sampling usual;
    private final Sampler sampler;
    private final RequestIds ids;

    Sampling(TracingConfig config) {
        this.usual = config.sampling();
        this.sampler = config.sampler().orElse(null);
        this.ids = config.requestIds();
    }

    /**
     * Decides by the shares, and writes the decision into the request's id unless ids are not to tell it. The id is the chance,
     * so that all of a chain of proxies decide alike.
     *
     * @param edge whether the request is from outside, so that its id decides nothing by itself
     */
    TraceReason decide(Http2Headers head, boolean edge, Optional<TracingConfig.Sampling> ofRoute) {
        if (ids == RequestIds.UNUSED) {
            return TraceReason.SAMPLED;
        }
        CharSequence id = head.get(TraceReason.REQUEST_ID);
        if (id == null || id.length() < 8 || !Hex.isHex(id, 0, 8)) {
            return TraceReason.NONE;
        }
        TracingConfig.Sampling shares = ofRoute.orElse(usual);
        long chance = Hex.parse(id, 0, 8) % 10_000;
        TraceReason reason = edge || ids == RequestIds.DECIDE ? TraceReason.NONE : TraceReason.of(id);
        if (reason == TraceReason.NONE) {
            reason = chosen(head, shares, chance);
        }
        if (reason != TraceReason.NONE && !isIn(shares.overall(), chance)) {
            reason = TraceReason.NONE;
        }
        if (ids == RequestIds.DECIDE_AND_TELL) {
            reason.mark(head);
        }
        return reason;
    }

    private static TraceReason chosen(Http2Headers head, TracingConfig.Sampling shares, long chance) {
        if (head.contains(CLIENT_TRACE_ID)
                && isIn(shares.client(), ThreadLocalRandom.current().nextInt(10_000))) {
            return TraceReason.ASKED_BY_CLIENT;
        }
        if (head.contains(FORCE)) {
            return TraceReason.FORCED_BY_SERVICE;
        }
        return isIn(shares.random(), chance) ? TraceReason.SAMPLED : TraceReason.NONE;
    }

    private static boolean isIn(double share, long chance) {
        return chance < Math.round(share * 10_000);
    }

    /**
     * Whether the spans of an exchange that was chosen are sent.
     *
     * @param caller null for none
     */
    boolean samples(TraceContext caller, long traceLow) {
        return sampler == null ? caller == null || caller.sampled() : samples(sampler, caller, traceLow);
    }

    private static boolean samples(Sampler by, TraceContext caller, long traceLow) {
        if (by instanceof Sampler.ParentBased parent) {
            return caller == null ? samples(parent.root(), null, traceLow) : caller.sampled();
        }
        return !(by instanceof Sampler.Ratio ratio) || (traceLow & Long.MAX_VALUE) < ratio.share() * Long.MAX_VALUE;
    }
}
