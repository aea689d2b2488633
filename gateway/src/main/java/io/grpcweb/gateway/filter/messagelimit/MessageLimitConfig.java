package io.grpcweb.gateway.filter.messagelimit;

import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.Origin;

/**
 * How long messages of calls may be.
 *
 * @param request bytes of one message to the backend; 0 is no limit
 * @param response bytes of one message to the client; 0 is no limit
 * @param place where it stands, for whoever is told
 */
public record MessageLimitConfig(String name, int request, int response, Origin place) implements FilterConfig {

    /** The path of a key, without the file that it stands in: callers are told it. */
    String setting(String key) {
        String text = place.text();
        return text.substring(text.lastIndexOf(' ') + 1) + "." + key;
    }
}
