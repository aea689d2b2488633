package io.grpcweb.gateway.filter.recorder;

import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.DescribedFormat;
import io.grpcweb.gateway.config.hocon.Fields;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.util.List;

/** The filter {@code recorder}. */
public final class RecorderKind implements FilterKind<RecorderConfig>, DescribedFormat<RecorderConfig> {
    private static final int MOST_CALLS = 1000;
    private static final int MOST_MESSAGES = 100;
    private static final int MOST_BYTES = 1 << 20;

    @Override
    public Class<RecorderConfig> settings() {
        return RecorderConfig.class;
    }

    @Override
    public String type() {
        return "recorder";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of();
    }

    @Override
    public RecorderConfig usual(String name) {
        return new RecorderConfig(name, 50, 10, 4096, List.of());
    }

    @Override
    public RecorderConfig fields(Fields own, RecorderConfig given) {
        RecorderConfig read = new RecorderConfig(
                given.name(),
                own.integer("calls", given.calls(), 0, MOST_CALLS),
                own.integer("messages", given.messages(), 1, MOST_MESSAGES),
                own.bytes("message", given.messageBytes()),
                own.texts("mask", given.mask()));
        if (read.messageBytes() > MOST_BYTES) {
            own.error("message", "must be at most 1 MiB: got " + read.messageBytes() + " bytes");
        }
        return read;
    }

    @Override
    public RecorderConfig read(String name, Msg typed, Reading envoy) {
        throw new IllegalStateException("no message of Envoy is one of this filter: " + typed.type());
    }

    @Override
    public HttpFilterFactory make(RecorderConfig config, FilterContext context) {
        RecordedCalls calls = context.shared().of(RecordedCalls.class, RecordedCalls::new);
        return (exchange, head) -> config.calls() == 0 || exchange.info().format == CallFormat.HTTP
                ? null
                : new RecorderFilter(exchange, config, calls);
    }
}
