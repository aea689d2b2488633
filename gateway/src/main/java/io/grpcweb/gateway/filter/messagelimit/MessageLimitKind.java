package io.grpcweb.gateway.filter.messagelimit;

import io.grpcweb.gateway.config.Origin;
import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.DescribedFormat;
import io.grpcweb.gateway.config.hocon.Fields;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.util.List;

/** The filter {@code message-limit}. */
public final class MessageLimitKind implements FilterKind<MessageLimitConfig>, DescribedFormat<MessageLimitConfig> {

    @Override
    public Class<MessageLimitConfig> settings() {
        return MessageLimitConfig.class;
    }

    @Override
    public String type() {
        return "message-limit";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of();
    }

    @Override
    public MessageLimitConfig usual(String name) {
        return new MessageLimitConfig(name, 0, 0, Origin.NONE);
    }

    @Override
    public MessageLimitConfig fields(Fields own, MessageLimitConfig given) {
        return new MessageLimitConfig(
                given.name(),
                own.bytes("request", given.request()),
                own.bytes("response", given.response()),
                own.origin());
    }

    @Override
    public MessageLimitConfig read(String name, Msg typed, Reading envoy) {
        throw new IllegalStateException("no message of Envoy is one of this filter: " + typed.type());
    }

    @Override
    public HttpFilterFactory make(MessageLimitConfig config, FilterContext context) {
        boolean off = config.request() == 0 && config.response() == 0;
        return (exchange, head) ->
                off || exchange.info().format == CallFormat.HTTP ? null : new MessageLimitFilter(exchange, config);
    }
}
