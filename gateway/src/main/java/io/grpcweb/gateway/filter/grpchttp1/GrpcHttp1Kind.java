package io.grpcweb.gateway.filter.grpchttp1;

import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.DescribedFormat;
import io.grpcweb.gateway.config.hocon.Fields;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.util.List;

/** The filter {@code grpc-http1}. */
public final class GrpcHttp1Kind implements FilterKind<GrpcHttp1Config>, DescribedFormat<GrpcHttp1Config> {
    private static final int USUAL_BYTES = 4 << 20;

    @Override
    public Class<GrpcHttp1Config> settings() {
        return GrpcHttp1Config.class;
    }

    @Override
    public String type() {
        return "grpc-http1";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of("envoy.extensions.filters.http.grpc_http1_bridge.v3.Config");
    }

    @Override
    public List<String> olderNames() {
        return List.of("grpc_http1_bridge");
    }

    @Override
    public GrpcHttp1Config usual(String name) {
        return new GrpcHttp1Config(name, false, false, USUAL_BYTES);
    }

    @Override
    public GrpcHttp1Config fields(Fields own, GrpcHttp1Config given) {
        return new GrpcHttp1Config(
                given.name(),
                own.flag("frame-protobuf", given.framesProtobuf()),
                own.flag("ignore-query", given.ignoresQuery()),
                own.bytes("held", given.mostBytes()));
    }

    @Override
    public GrpcHttp1Config read(String name, Msg typed, Reading envoy) {
        return new GrpcHttp1Config(
                name,
                typed.flag("upgrade_protobuf_to_grpc", false),
                typed.flag("ignore_query_parameters", false),
                USUAL_BYTES);
    }

    @Override
    public HttpFilterFactory make(GrpcHttp1Config config, FilterContext context) {
        return new GrpcHttp1Factory(config);
    }
}
