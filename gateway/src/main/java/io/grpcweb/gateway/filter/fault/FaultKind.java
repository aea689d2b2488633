package io.grpcweb.gateway.filter.fault;

import io.grpcweb.gateway.config.Metadata;
import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.DescribedFormat;
import io.grpcweb.gateway.config.hocon.Fields;
import io.grpcweb.gateway.config.hocon.MatchFormat;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.filter.fault.FaultConfig.Abort;
import io.grpcweb.gateway.filter.fault.FaultConfig.Delay;
import io.grpcweb.gateway.filter.fault.FaultConfig.Share;
import io.grpcweb.gateway.filter.fault.FaultConfig.Slow;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The filter {@code fault}. */
public final class FaultKind implements FilterKind<FaultConfig>, DescribedFormat<FaultConfig> {
    private static final Delay DELAY = new Delay(Optional.empty(), Share.ALL);
    private static final Abort ABORT = new Abort(OptionalInt.empty(), OptionalInt.empty(), Abort.MESSAGE, Share.ALL);
    private static final Slow SLOW = new Slow(OptionalInt.empty(), Share.ALL);

    @Override
    public Class<FaultConfig> settings() {
        return FaultConfig.class;
    }

    @Override
    public String type() {
        return "fault";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of("envoy.extensions.filters.http.fault.v3.HTTPFault");
    }

    @Override
    public List<String> olderNames() {
        return List.of("fault");
    }

    @Override
    public FaultConfig usual(String name) {
        return new FaultConfig(
                name,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "",
                List.of(),
                List.of(),
                OptionalInt.empty(),
                Metadata.NONE);
    }

    @Override
    public FaultConfig fields(Fields own, FaultConfig given) {
        return new FaultConfig(
                given.name(),
                own.section("delay", given.delay(), DELAY, FaultKind::delay),
                own.section("abort", given.abort(), ABORT, FaultKind::abort),
                own.section("slow-response", given.slow(), SLOW, FaultKind::slow),
                own.text("only-cluster", given.upstreamCluster()),
                MatchFormat.headers(own, "match-headers", given.headers()),
                own.texts("only-nodes", given.downstreamNodes()),
                own.integer("most-active", given.mostActive()),
                Metadata.of(own.map("metadata", given.metadata().byReader())));
    }

    private static Delay delay(Fields own, Delay given) {
        return new Delay(own.duration("time", given.fixed()), share(own, given.share()));
    }

    private static Abort abort(Fields own, Abort given) {
        Abort abort = new Abort(
                own.integer("status", given.httpStatus()),
                own.integer("grpc-status", given.grpcStatus()),
                own.text("message", given.message()),
                share(own, given.share()));
        if (abort.httpStatus().isPresent() && abort.grpcStatus().isPresent()) {
            own.error("", "only one of status and grpc-status may be written");
        }
        int status = abort.httpStatus().orElse(200);
        if (status < 200 || status > 599) {
            own.error("status", "must be between 200 and 599, and is " + status);
        }
        return abort;
    }

    private static Slow slow(Fields own, Slow given) {
        return new Slow(own.integer("kib-per-second", given.kibPerSecond()), share(own, given.share()));
    }

    private static Share share(Fields own, Share given) {
        return new Share(own.share("share", given.share()), own.integer("share-of", given.whole(), 100, 1_000_000));
    }

    @Override
    public FaultConfig read(String name, Msg typed, Reading envoy) {
        return new FaultConfig(
                name,
                typed.message("delay").map(FaultKind::delay),
                typed.message("abort").map(FaultKind::abort),
                typed.message("response_rate_limit").map(FaultKind::slow),
                typed.text("upstream_cluster"),
                envoy.matchers().headers(typed.messages("headers")),
                typed.texts("downstream_nodes"),
                typed.integer("max_active_faults"),
                envoy.struct(typed, "filter_metadata"));
    }

    private static Delay delay(Msg delay) {
        return new Delay(delay.duration("fixed_delay"), share(delay));
    }

    private static Abort abort(Msg abort) {
        return new Abort(
                abort.integer("http_status"),
                abort.integer("grpc_status"),
                abort.filled("response_body").orElse(Abort.MESSAGE),
                share(abort));
    }

    private static Slow slow(Msg limit) {
        return new Slow(
                limit.message("fixed_limit")
                        .map(fixed -> OptionalInt.of(fixed.integer("limit_kbps", 1)))
                        .orElse(OptionalInt.empty()),
                share(limit));
    }

    /** Nothing where it is not set. */
    private static Share share(Msg owner) {
        return owner.message("percentage")
                .map(percent -> new Share(
                        Reading.fraction(percent),
                        switch (percent.text("denominator", "HUNDRED")) {
                            case "TEN_THOUSAND" -> 10_000;
                            case "MILLION" -> 1_000_000;
                            default -> 100;
                        }))
                .orElse(new Share(0, 100));
    }

    @Override
    public HttpFilterFactory make(FaultConfig config, FilterContext context) {
        String prefix = context.http().statPrefix();
        return new FaultFactory(
                config,
                context.stats().group("fault/" + prefix, FaultStats.class, () -> new FaultStats(prefix)),
                context.nanoTime());
    }
}
