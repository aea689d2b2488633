package io.grpcweb.gateway.filter.cors;

import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.Section;
import io.grpcweb.gateway.config.hocon.Tree;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.util.List;

/** The filter {@code cors}; its policies are settings of the routes. */
public final class CorsKind implements FilterKind<CorsConfig> {
    private static final String POLICY = "envoy.extensions.filters.http.cors.v3.CorsPolicy";

    @Override
    public Class<CorsConfig> settings() {
        return CorsConfig.class;
    }

    @Override
    public String type() {
        return "cors";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of("envoy.extensions.filters.http.cors.v3.Cors", POLICY);
    }

    @Override
    public List<String> olderNames() {
        return List.of("cors");
    }

    @Override
    public CorsConfig read(String name, Section own) {
        return new CorsConfig(name);
    }

    @Override
    public void write(CorsConfig config, Tree own) {}

    @Override
    public CorsConfig read(String name, Msg typed, Reading envoy) {
        if (typed.type().equals(POLICY)) {
            envoy.warn(
                    typed,
                    "",
                    "a CorsPolicy in http_filters turns the filter on and sets no policy, as in Envoy; "
                            + "write it into typed_per_filter_config of the virtual host");
        }
        return new CorsConfig(name);
    }

    @Override
    public HttpFilterFactory make(CorsConfig config, FilterContext context) {
        CorsRefusals refusals = context.shared()
                .of(
                        CorsRefusals.class,
                        () -> new CorsRefusals(
                                context.telemetry().recent(),
                                context.telemetry().cors()));
        return new CorsFilterFactory(
                context.http().routes(),
                new CorsCounter(context.stats().http(context.http().statPrefix()).cors, refusals));
    }
}
