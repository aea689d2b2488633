package io.grpcweb.gateway.filter.streamrotation;

import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.DescribedFormat;
import io.grpcweb.gateway.config.hocon.Fields;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.time.Duration;
import java.util.List;

/** The filter {@code stream-rotation}. */
public final class StreamRotationKind
        implements FilterKind<StreamRotationConfig>, DescribedFormat<StreamRotationConfig> {
    private static final Duration USUAL_AGE = Duration.ofHours(1);
    private static final double USUAL_JITTER = 0.1;

    @Override
    public Class<StreamRotationConfig> settings() {
        return StreamRotationConfig.class;
    }

    @Override
    public String type() {
        return "stream-rotation";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of();
    }

    @Override
    public StreamRotationConfig usual(String name) {
        return new StreamRotationConfig(name, USUAL_AGE, 0, USUAL_JITTER);
    }

    @Override
    public StreamRotationConfig fields(Fields own, StreamRotationConfig given) {
        return new StreamRotationConfig(
                given.name(),
                own.duration("age", given.age()),
                own.bytes("bytes", given.bytes()),
                own.share("jitter", given.jitter()));
    }

    @Override
    public StreamRotationConfig read(String name, Msg typed, Reading envoy) {
        throw new IllegalStateException("no message of Envoy is one of this filter: " + typed.type());
    }

    @Override
    public HttpFilterFactory make(StreamRotationConfig config, FilterContext context) {
        boolean off = config.age().isZero() && config.bytes() == 0;
        return (exchange, head) ->
                off || exchange.info().format == CallFormat.HTTP ? null : new StreamRotationFilter(exchange, config);
    }
}
