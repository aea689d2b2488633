package io.grpcweb.gateway.filter.grpcweb;

import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.DescribedFormat;
import io.grpcweb.gateway.config.hocon.Fields;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.util.List;

/** The filter {@code grpc-web}, which has no settings. */
public final class GrpcWebKind implements FilterKind<GrpcWebConfig>, DescribedFormat<GrpcWebConfig> {

    @Override
    public Class<GrpcWebConfig> settings() {
        return GrpcWebConfig.class;
    }

    @Override
    public String type() {
        return "grpc-web";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of("envoy.extensions.filters.http.grpc_web.v3.GrpcWeb");
    }

    @Override
    public List<String> olderNames() {
        return List.of("grpc_web");
    }

    @Override
    public GrpcWebConfig usual(String name) {
        return new GrpcWebConfig(name);
    }

    @Override
    public GrpcWebConfig fields(Fields own, GrpcWebConfig given) {
        return given;
    }

    @Override
    public GrpcWebConfig read(String name, Msg typed, Reading envoy) {
        return new GrpcWebConfig(name);
    }

    @Override
    public HttpFilterFactory make(GrpcWebConfig config, FilterContext context) {
        List<FilterConfig> filters = context.http().filters();
        boolean passesCodings =
                filters.stream().limit(filters.indexOf(config)).anyMatch(FilterConfig::passesOtherCodings);
        return GrpcWebFilter.factory(new QueryUse(context.http(), config)::isOf, passesCodings);
    }
}
