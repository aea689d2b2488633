package io.grpcweb.gateway.filter.ratelimitservice;

import io.grpcweb.gateway.config.RateLimit;
import io.grpcweb.gateway.filter.descriptors.Descriptor;
import io.grpcweb.gateway.filter.service.ProtoMessage;
import java.util.List;

/** Writes {@code envoy.service.ratelimit.v3.RateLimitRequest} (rls.proto, envoy/extensions/common/ratelimit/v3). */
final class RateLimitRequest {
    private RateLimitRequest() {}

    static ProtoMessage of(String domain, List<Descriptor> descriptors) {
        ProtoMessage request = new ProtoMessage().text(1, domain);
        for (Descriptor descriptor : descriptors) {
            request.message(2, message(descriptor));
        }
        return request;
    }

    private static ProtoMessage message(Descriptor descriptor) {
        ProtoMessage message = new ProtoMessage();
        for (Descriptor.Entry entry : descriptor.entries()) {
            message.entry(1, entry.key(), entry.value());
        }
        descriptor.override().ifPresent(limit -> message.message(2, message(limit)));
        if (descriptor.hits().isPresent()) {
            // google.protobuf.UInt64Value
            message.message(3, new ProtoMessage().whole(1, descriptor.hits().getAsLong()));
        }
        return message.whole(4, descriptor.negative() ? 1 : 0);
    }

    private static ProtoMessage message(RateLimit.LimitOverride.Fixed limit) {
        return new ProtoMessage()
                .whole(1, limit.requests())
                .whole(2, limit.unit().number());
    }
}
