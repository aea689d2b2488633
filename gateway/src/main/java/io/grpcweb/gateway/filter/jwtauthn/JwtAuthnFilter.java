package io.grpcweb.gateway.filter.jwtauthn;

import io.grpcweb.gateway.filter.HoldingFilter;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.RequestView;
import io.netty.handler.codec.http2.Http2Headers;

/** Lets a request go on when its tokens are what it needs; it waits only where keys must be fetched. */
final class JwtAuthnFilter extends HoldingFilter {
    /** Bytes of the body that are held while keys are fetched. */
    private static final int HELD = 64 * 1024;

    private final JwtAuthnFactory factory;
    private JwtCall call;

    JwtAuthnFilter(Exchange exchange, JwtAuthnFactory factory) {
        super(exchange, HELD);
        this.factory = factory;
    }

    @Override
    protected void arrived(Http2Headers head, boolean end) {
        factory.clean(head);
        JwtAuthnConfig.Place place = factory.config().place();
        if (factory.config().bypassPreflight() && new RequestView(head).isPreflight()) {
            factory.stats().preflightBypassed.increment();
            pass();
        } else if (place instanceof JwtAuthnConfig.Place.Off) {
            pass();
        } else if (place instanceof JwtAuthnConfig.Place.Named named) {
            Check check = factory.named(named.requirement());
            if (check == null) {
                factory.stats().denied.increment();
                refuse(Refusals.unknownRequirement(
                        named.requirement(), factory.config().requirements().keySet()));
            } else {
                ask(check, head);
            }
        } else {
            Check check = factory.of(head, exchange().info());
            if (check == null) {
                pass();
            } else {
                ask(check, head);
            }
        }
    }

    private void ask(Check check, Http2Headers head) {
        call = new JwtCall(exchange(), head, factory.stats());
        check.check(call, this::done);
    }

    private void done(JwtStatus status) {
        if (status == JwtStatus.OK) {
            if (call.reroutes()) {
                exchange().reroute();
            }
            pass();
            return;
        }
        factory.stats().denied.increment();
        refuse(Refusals.of(
                status, head(), factory.tokenParameters(), factory.config().stripFailure()));
    }

    private void pass() {
        factory.stats().allowed.increment();
        resume();
    }

    @Override
    protected void abandoned() {
        if (call != null) {
            call.cancel();
        }
    }
}
