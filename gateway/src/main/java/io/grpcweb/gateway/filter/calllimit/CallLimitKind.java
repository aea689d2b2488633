package io.grpcweb.gateway.filter.calllimit;

import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.Section;
import io.grpcweb.gateway.config.hocon.Tree;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.util.List;

/** The filter {@code call-limit}, which Envoy does not have. */
public final class CallLimitKind implements FilterKind<CallLimitConfig> {

    @Override
    public Class<CallLimitConfig> settings() {
        return CallLimitConfig.class;
    }

    @Override
    public String type() {
        return "call-limit";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of();
    }

    @Override
    public CallLimitConfig read(String name, Section own) {
        if (!own.has("most")) {
            own.error("", "'most' is required");
        }
        return new CallLimitConfig(
                name,
                own.integer("most", 1, 1, Integer.MAX_VALUE),
                own.integer("status", CallLimitConfig.USUAL_STATUS, 400, 599));
    }

    @Override
    public void write(CallLimitConfig config, Tree own) {
        own.put("most", config.most()).put("status", config.status(), CallLimitConfig.USUAL_STATUS);
    }

    @Override
    public CallLimitConfig read(String name, Msg typed, Reading envoy) {
        throw new IllegalStateException("no message of Envoy is one of this filter: " + typed.type());
    }

    @Override
    public HttpFilterFactory make(CallLimitConfig config, FilterContext context) {
        String http = context.http().statPrefix();
        return new CallLimitFactory(
                config,
                context.stats()
                        .group(
                                "http." + http + ".call_limit/" + config.name(),
                                CallLimitStats.class,
                                () -> new CallLimitStats(http, config.name())));
    }
}
