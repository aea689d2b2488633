package io.grpcweb.gateway.filter.extauthz;

import io.grpcweb.gateway.filter.Chance;
import io.grpcweb.gateway.filter.HoldingFilter;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.SideCall;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;

/** Asks about one request, and does what the answer says. */
final class ExtAuthzFilter extends HoldingFilter {
    private static final AsciiString PASSED_ON_ERROR = AsciiString.cached("x-envoy-auth-failure-mode-allowed");

    /** What is held of a body that the service does not see. */
    private static final int HELD_BYTES = 64 * 1024;

    private final ExtAuthzFactory factory;
    private final Refusals refusals;
    private SideCall call;
    private long askedNanos;
    private List<Decision.Field> forResponse = List.of();

    ExtAuthzFilter(Exchange exchange, ExtAuthzFactory factory) {
        super(exchange, HELD_BYTES);
        this.factory = factory;
        this.refusals = new Refusals(factory.config());
    }

    @Override
    protected void arrived(Http2Headers head, boolean end) {
        ExtAuthzConfig config = factory.config();
        if (!Chance.happens(config.enabled())
                || !factory.isAskedAbout(exchange().info())) {
            factory.counted().disabled.increment();
            if (config.denyOthers()) {
                refuse(refusals.error(Decision.error()));
            } else {
                resume();
            }
            return;
        }
        ExtAuthzConfig.Body body = config.body().orElse(ExtAuthzConfig.Body.NONE);
        if (body.most() > 0 && !end && exchange().info().upgrade == null) {
            collect(body.most(), body.part());
        } else {
            ask(null, true);
        }
    }

    @Override
    protected void collected(ByteBuf lent, boolean all) {
        ask(lent, all);
    }

    private void ask(ByteBuf body, boolean whole) {
        askedNanos = System.nanoTime();
        SideCall begun = factory.authority().ask(new Question(exchange(), head(), body, whole), this::decided);
        if (isHolding()) {
            call = begun;
        }
    }

    @Override
    protected void abandoned() {
        if (call != null) {
            call.cancel();
        }
    }

    private void decided(Decision decision) {
        call = null;
        if (!isHolding()) {
            return;
        }
        String cluster = exchange().info().cluster;
        boolean accepted = factory.change().accepts(decision);
        if (accepted || decision.verdict != Decision.Verdict.PASS) {
            Outcome.count(decision.verdict, factory.counted(), factory.at(cluster));
        }
        keepMetadata(decision);
        if (decision.verdict != Decision.Verdict.PASS && factory.config().shadow()) {
            boolean denied = decision.verdict == Decision.Verdict.DENY;
            (denied ? factory.counted().shadowDenied : factory.counted().shadowError).increment();
            resume();
        } else if (accepted) {
            switch (decision.verdict) {
                case PASS -> pass(decision);
                case DENY -> {
                    LocalReply reply = refusals.denied(decision);
                    factory.refusedAt(cluster, reply.httpStatus());
                    refuse(reply);
                }
                case ERROR -> failed(decision);
            }
        } else {
            Outcome.invalid(factory.counted(), factory.at(cluster));
            refuse(refusals.invalid());
        }
    }

    private void keepMetadata(Decision decision) {
        if (decision.metadata.isEmpty() || !factory.config().effect().keepMetadata()) {
            return;
        }
        if (decision.verdict == Decision.Verdict.PASS) {
            long millis = (System.nanoTime() - askedNanos) / 1_000_000;
            decision.metadata.put("ext_authz_duration", millis);
        }
        exchange().info().addMetadata().putAll(factory.config().name(), decision.metadata);
    }

    private void pass(Decision decision) {
        ExtAuthzConfig.Effect effect = factory.config().effect();
        if (decision.changesRequest()) {
            factory.change().apply(decision, head());
            if (effect.reroute() && decision.changes(effect.rerouteFields())) {
                exchange().reroute();
            }
        }
        forResponse = decision.response;
        resume();
    }

    private void failed(Decision decision) {
        ExtAuthzConfig.OnError onError = factory.config().onError();
        if (!onError.pass()) {
            refuse(refusals.error(decision));
            return;
        }
        Outcome.passedOnError(factory.counted(), factory.at(exchange().info().cluster));
        if (onError.tell()) {
            head().set(PASSED_ON_ERROR, "true");
        }
        resume();
    }

    @Override
    protected LocalReply tooLarge(int limit) {
        return refusals.tooLarge();
    }

    @Override
    public void responseHead(Http2Headers fields, boolean end) {
        for (Decision.Field field : forResponse) {
            if (FieldSyntax.isField(field) && !field.name().startsWith(":")) {
                fields.add(field.name(), field.value());
            }
        }
        super.responseHead(fields, end);
    }
}
