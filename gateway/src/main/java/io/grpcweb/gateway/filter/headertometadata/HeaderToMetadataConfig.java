package io.grpcweb.gateway.filter.headertometadata;

import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.RouteConfig.RegexRewrite;
import java.util.List;
import java.util.Optional;

/** What becomes metadata of a request and of its response, in order. */
public record HeaderToMetadataConfig(String name, List<Rule> request, List<Rule> response) implements FilterConfig {
    public HeaderToMetadataConfig {
        request = List.copyOf(request);
        response = List.copyOf(response);
    }

    /**
     * One field or cookie.
     *
     * @param field its name; lower-case if it is a field
     * @param cookie whether it is a cookie
     * @param present what is set where it is there
     * @param missing what is set where it is not
     * @param remove whether the field is taken away
     */
    record Rule(String field, boolean cookie, Optional<Setting> present, Optional<Setting> missing, boolean remove) {}

    /**
     * What is set.
     *
     * @param value instead of that of the field; empty: that of the field
     * @param base64 whether the value is decoded first
     * @param rewrite changes the value of the field
     */
    record Setting(
            String namespace,
            String key,
            String value,
            ValueType type,
            boolean base64,
            Optional<RegexRewrite> rewrite) {}

    /** What a value is. */
    enum ValueType {
        TEXT,
        NUMBER
    }
}
