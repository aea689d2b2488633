package io.grpcweb.gateway.filter.csrf;

import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.MatchFormat;
import io.grpcweb.gateway.config.hocon.Section;
import io.grpcweb.gateway.config.hocon.Tree;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.util.List;

/** The filter {@code csrf}. */
public final class CsrfKind implements FilterKind<CsrfConfig> {

    @Override
    public Class<CsrfConfig> settings() {
        return CsrfConfig.class;
    }

    @Override
    public String type() {
        return "csrf";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of("envoy.extensions.filters.http.csrf.v3.CsrfPolicy");
    }

    @Override
    public CsrfConfig read(String name, Section own) {
        return new CsrfConfig(
                name, own.share("enabled", 1), own.share("shadow", 0), MatchFormat.texts(own, "additional-origins"));
    }

    @Override
    public void write(CsrfConfig config, Tree own) {
        own.put("enabled", config.enabled(), 1.0)
                .put("shadow", config.shadow(), 0.0)
                .list("additional-origins", config.additionalOrigins(), MatchFormat::writeShort);
    }

    @Override
    public CsrfConfig read(String name, Msg typed, Reading envoy) {
        return new CsrfConfig(
                name,
                Reading.share(typed, "filter_enabled", 1),
                Reading.share(typed, "shadow_enabled", 0),
                envoy.matchers().texts(typed.messages("additional_origins")));
    }

    @Override
    public HttpFilterFactory make(CsrfConfig config, FilterContext context) {
        String http = context.http().statPrefix();
        return new CsrfFactory(
                config, context.stats().group("http." + http + ".csrf", CsrfStats.class, () -> new CsrfStats(http)));
    }
}
