package io.grpcweb.gateway.filter.grpcjsontranscoder;

import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.DescribedFormat;
import io.grpcweb.gateway.config.hocon.Fields;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.util.List;

/** The filter {@code json}. */
public final class TranscoderKind implements FilterKind<TranscoderConfig>, DescribedFormat<TranscoderConfig> {

    @Override
    public Class<TranscoderConfig> settings() {
        return TranscoderConfig.class;
    }

    @Override
    public String type() {
        return "json";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of("envoy.extensions.filters.http.grpc_json_transcoder.v3.GrpcJsonTranscoder");
    }

    @Override
    public List<String> olderNames() {
        return List.of("grpc_json_transcoder");
    }

    @Override
    public TranscoderConfig usual(String name) {
        return OwnTranscoder.usual(name);
    }

    @Override
    public TranscoderConfig fields(Fields own, TranscoderConfig given) {
        return OwnTranscoder.fields(own, given);
    }

    @Override
    public TranscoderConfig read(String name, Msg typed, Reading envoy) {
        return EnvoyTranscoder.read(name, typed, envoy);
    }

    @Override
    public HttpFilterFactory make(TranscoderConfig config, FilterContext context) {
        if (config.isOff()) {
            return (exchange, head) -> null;
        }
        return config.reflection().isPresent()
                ? new ReflectedFactory(config, context.calls(), context.nanoTime())
                : new TranscoderFactory(config, config.schema().get(), problem -> {});
    }
}
