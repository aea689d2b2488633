package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.TracingConfig;
import io.grpcweb.gateway.config.TracingConfig.Sampler;
import io.grpcweb.gateway.config.TracingConfig.Sampling;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** How a listener is traced, in the gateway's own format. */
final class TracingFormat {
    private static final String SERVICE = "service.name";

    /** What holds where a section is there and nothing is written in it. */
    private static final TracingConfig USUAL = new TracingConfig(
            Optional.empty(),
            Map.of(SERVICE, "grpc-web-gateway"),
            Sampling.ALL,
            Optional.empty(),
            TracingConfig.Context.W3C,
            new TracingConfig.Spans(
                    TracingConfig.Names.OPENTELEMETRY, true, "", "", OptionalInt.empty(), false, false, List.of()),
            new TracingConfig.Flushing(512, TracingConfig.Flushing.DEFAULT.interval(), 2048),
            TracingConfig.RequestIds.DECIDE_AND_TELL);

    private TracingFormat() {}

    static Optional<TracingConfig> listener(Fields own, Optional<TracingConfig> given) {
        return own.section("tracing", given, USUAL, TracingFormat::fields);
    }

    private static TracingConfig fields(Fields own, TracingConfig given) {
        return new TracingConfig(
                own.section(
                        "to",
                        given.collector(),
                        CollectorFormat.USUAL,
                        CollectorFormat::fields,
                        CollectorFormat.CLUSTER),
                RemoteLogFormat.texts(own.map("resource", given.resource())),
                sampling(own.in("sampling"), given.sampling()),
                sampler(own, given.sampler()),
                own.section("context", given.context(), TracingFormat::context),
                spans(own, given.spans()),
                own.section("send", given.flushing(), TracingFormat::flushing),
                own.choice("request-ids", given.requestIds()));
    }

    private static Sampling sampling(Fields own, Sampling given) {
        return new Sampling(
                own.share("asked-for", given.client()),
                own.share("random", given.random()),
                own.share("overall", given.overall()));
    }

    /** {@code always}, {@code caller}, or a share; {@code caller else 0.5} is the caller where there is one. */
    private static Optional<Sampler> sampler(Fields own, Optional<Sampler> given) {
        Optional<String> text = own.text("sampler", given.map(TracingFormat::text));
        if (text.isEmpty()) {
            return Optional.empty();
        }
        String[] words = text.get().split(" else ", -1);
        Sampler found = null;
        for (int i = words.length - 1; i >= 0; i--) {
            found = sampler(own, words[i].strip(), found);
        }
        return Optional.ofNullable(found);
    }

    private static Sampler sampler(Fields own, String word, Sampler root) {
        if (word.equals("always")) {
            return new Sampler.AlwaysOn();
        }
        if (word.equals("caller")) {
            return new Sampler.ParentBased(root == null ? new Sampler.AlwaysOn() : root);
        }
        try {
            double share = Double.parseDouble(word);
            if (share >= 0 && share <= 1) {
                return new Sampler.Ratio(share);
            }
        } catch (NumberFormatException e) {
            own.error("sampler", "'always', a share from 0 to 1, or 'caller else ...' is expected, not '" + word + "'");
            return root;
        }
        own.error("sampler", "a share from 0 to 1 is expected, not '" + word + "'");
        return root;
    }

    private static String text(Sampler sampler) {
        if (sampler instanceof Sampler.Ratio ratio) {
            return Double.toString(ratio.share());
        }
        return sampler instanceof Sampler.ParentBased parent ? "caller else " + text(parent.root()) : "always";
    }

    private static TracingConfig.Context context(Fields own, TracingConfig.Context given) {
        return new TracingConfig.Context(
                own.flag("w3c", given.w3c()), own.flag("b3", given.b3()), own.flag("to-backends", given.toBackends()));
    }

    private static TracingConfig.Spans spans(Fields own, TracingConfig.Spans given) {
        return new TracingConfig.Spans(
                own.choice("names", given.names()),
                own.flag("attempts", given.ofAttempts()),
                own.text("operation", given.operation()),
                own.text("attempt-operation", given.attemptOperation()),
                own.integer("path-length", given.pathLength()),
                own.flag("events", given.verbose()),
                own.flag("egress", given.egress()),
                TagFormat.tags(own, "tags", given.tags()));
    }

    private static TracingConfig.Flushing flushing(Fields own, TracingConfig.Flushing given) {
        return new TracingConfig.Flushing(
                own.integer("spans", given.spans(), 1, 100_000),
                own.duration("interval", given.interval()),
                own.integer("most", given.most(), 1, 100_000));
    }

    /** What a route says. */
    static TracingConfig.OfRoute route(Fields own, TracingConfig.OfRoute given) {
        return own.section("tracing", given, TracingFormat::ofRoute);
    }

    private static TracingConfig.OfRoute ofRoute(Fields own, TracingConfig.OfRoute given) {
        return new TracingConfig.OfRoute(
                own.section("sampling", given.sampling(), Sampling.ALL, TracingFormat::sampling),
                TagFormat.tags(own, "tags", given.tags()),
                own.text("operation", given.operation()),
                own.text("attempt-operation", given.attemptOperation()),
                own.text("decorator", given.decorator()),
                own.flag("tell-decorator", given.tellsDecorator()));
    }
}
