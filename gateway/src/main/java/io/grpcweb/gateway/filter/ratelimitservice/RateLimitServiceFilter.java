package io.grpcweb.gateway.filter.ratelimitservice;

import io.grpcweb.gateway.filter.Chance;
import io.grpcweb.gateway.filter.HoldingFilter;
import io.grpcweb.gateway.filter.descriptors.Descriptor;
import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.ResponseFlag;
import io.grpcweb.gateway.http.SideCall;
import io.grpcweb.gateway.http.UnaryCalls;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Asks about one request; while it waits, a bounded part of the body is held. */
final class RateLimitServiceFilter extends HoldingFilter implements UnaryCalls.Observer {
    private static final int HELD_BYTES = 64 * 1024;
    private static final Details LIMITED = Details.quoting("request_rate_limited");
    private static final Details ERROR = Details.of("rate_limiter_error");

    /** Nobody waits for the answer. */
    private static final UnaryCalls.Observer NOBODY = new UnaryCalls.Observer() {
        @Override
        public void answered(ByteBuf lent) {
            // The call is over.
        }

        @Override
        public void failed(GrpcStatus status, String message) {
            // The call is over.
        }

        @Override
        public void broken(Throwable fault) {
            throw new IllegalStateException(fault);
        }
    };

    private final RateLimitServiceFactory factory;
    private SideCall call;
    private List<Map.Entry<String, String>> forResponse = List.of();
    private boolean limited;

    RateLimitServiceFilter(Exchange exchange, RateLimitServiceFactory factory) {
        super(exchange, HELD_BYTES);
        this.factory = factory;
    }

    @Override
    protected void arrived(Http2Headers head, boolean end) {
        if (factory.mayCountAtEnd(exchange())) {
            exchange().atEnd(() -> ended(head));
        }
        List<Descriptor> counted = factory.descriptors(exchange(), head);
        if (counted.isEmpty()) {
            resume();
            return;
        }
        SideCall begun = factory.ask(exchange(), counted, this);
        if (isHolding()) {
            call = begun;
        }
    }

    /** Tells the service what is counted now that the call is over; its answer changes nothing, as in Envoy. */
    private void ended(Http2Headers head) {
        List<Descriptor> counted = call == null ? factory.descriptorsAtEnd(exchange(), head) : List.of();
        if (!counted.isEmpty()) {
            factory.ask(exchange(), counted, NOBODY);
        }
    }

    @Override
    protected void abandoned() {
        if (call != null) {
            call.cancel();
        }
    }

    @Override
    public void answered(ByteBuf lent) {
        RateLimitAnswer answer;
        try {
            answer = RateLimitAnswer.read(lent);
        } catch (IOException e) {
            failed(GrpcStatus.INTERNAL, "no RateLimitResponse");
            return;
        }
        call = null;
        if (!answer.metadata().isEmpty()) {
            exchange().info().addMetadata().putAll(factory.config().metadata(), answer.metadata());
        }
        RateLimitServiceStats numbers = factory.at(exchange().info().cluster);
        (answer.isOverLimit() ? numbers.overLimit : numbers.ok).increment();
        if (exchange().info().trace != null) {
            exchange().info().trace.tagSide("ratelimit_status", answer.isOverLimit() ? "over_limit" : "ok");
        }
        forResponse = fields(answer);
        if (answer.isOverLimit()) {
            factory.refusedAt(exchange().info().cluster);
            if (Chance.happens(factory.config().enforced())) {
                limited = true;
                refuse(refusal(answer.text()));
                return;
            }
        }
        answer.forRequest().forEach(field -> head().add(field.getKey(), field.getValue()));
        resume();
    }

    private List<Map.Entry<String, String>> fields(RateLimitAnswer answer) {
        RateLimitServiceConfig.Fields told = factory.config().fields();
        List<Map.Entry<String, String>> fields = new ArrayList<>(answer.forResponse());
        if (answer.isOverLimit() && told.limited()) {
            fields.add(Map.entry("x-envoy-ratelimited", "true"));
        }
        if (told.limits()) {
            fields.addAll(LimitFields.of(answer.statuses()));
        }
        long retry = told.retryAfter() && answer.isOverLimit() ? LimitFields.retrySeconds(answer.statuses()) : 0;
        if (retry > 0) {
            fields.add(Map.entry("retry-after", Long.toString(retry)));
        }
        return fields;
    }

    private LocalReply refusal(String text) {
        RateLimitServiceConfig.Refusal refusal = factory.config().refusal();
        GrpcStatus grpc =
                refusal.resourceExhausted() ? GrpcStatus.RESOURCE_EXHAUSTED : GrpcStatus.fromHttp(refusal.status());
        return new LocalReply(refusal.status(), grpc.code(), text, ResponseFlag.RATE_LIMITED, LIMITED, List.of());
    }

    @Override
    public void failed(GrpcStatus status, String message) {
        call = null;
        RateLimitServiceStats numbers = factory.at(exchange().info().cluster);
        numbers.error.increment();
        RateLimitServiceConfig.OnError onError = factory.config().onError();
        if (Chance.happens(onError.refused())) {
            int grpc = GrpcStatus.fromHttp(onError.status()).code();
            refuse(new LocalReply(onError.status(), grpc, "", ResponseFlag.RATE_LIMIT_SERVICE_ERROR, ERROR, List.of()));
        } else {
            numbers.failureModeAllowed.increment();
            resume();
        }
    }

    @Override
    public void broken(Throwable fault) {
        exchange().broken(fault);
    }

    @Override
    public void responseHead(Http2Headers fields, boolean end) {
        for (Map.Entry<String, String> field : forResponse) {
            if (limited && field.getKey().equals("content-type")) {
                fields.set(field.getKey(), field.getValue());
            } else {
                fields.add(field.getKey(), field.getValue());
            }
        }
        if (limited) {
            factory.refusalFields().apply(fields, exchange().info());
        }
        super.responseHead(fields, end);
    }
}
