package io.grpcweb.gateway.filter.setfilterstate;

import io.grpcweb.gateway.config.AccessLogConfig;
import io.grpcweb.gateway.config.FilterConfig;
import java.util.List;

/** Texts that are set when a request arrives, in this order. */
public record SetFilterStateConfig(String name, List<Kept> entries) implements FilterConfig {
    public SetFilterStateConfig {
        entries = List.copyOf(entries);
    }

    /**
     * A text.
     *
     * @param format may hold {@code %COMMAND%} operators
     * @param readOnly whether nobody may replace it
     * @param skipIfEmpty whether an empty text is not set
     */
    record Kept(String key, AccessLogConfig.Format format, boolean readOnly, boolean skipIfEmpty) {}
}
