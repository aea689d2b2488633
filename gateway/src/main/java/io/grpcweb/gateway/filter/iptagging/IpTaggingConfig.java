package io.grpcweb.gateway.filter.iptagging;

import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.IpRange;
import java.util.List;

/**
 * Names for ranges of addresses.
 *
 * @param requests which requests are looked at
 * @param field that the names are written to, lower-case
 * @param append whether a client's own value of the field stays
 */
public record IpTaggingConfig(String name, Requests requests, List<Tag> tags, String field, boolean append)
        implements FilterConfig {
    /** The field where no other one is named; one from outside does not come as far as the filters. */
    static final String FIELD = "x-envoy-ip-tags";

    public IpTaggingConfig {
        tags = List.copyOf(tags);
    }

    /** Whose requests. */
    enum Requests {
        BOTH,
        /** Those that say {@code x-envoy-internal: true}, which only a trusted peer can. */
        INTERNAL,
        EXTERNAL
    }

    /** A name and its ranges. */
    record Tag(String name, List<IpRange> ranges) {
        public Tag {
            ranges = List.copyOf(ranges);
        }
    }
}
