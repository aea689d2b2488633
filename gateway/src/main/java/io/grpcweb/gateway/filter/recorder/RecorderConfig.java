package io.grpcweb.gateway.filter.recorder;

import io.grpcweb.gateway.config.FilterConfig;
import java.util.List;

/**
 * What is kept of calls.
 *
 * @param calls the last so many of them; 0: none
 * @param messages of each direction of a call, the first ones
 * @param messageBytes a longer message is not kept, only its length
 * @param mask full names of fields whose values are not shown, as {@code package.Message.field}, beside those with the option
 *     {@code debug_redact}
 */
public record RecorderConfig(String name, int calls, int messages, int messageBytes, List<String> mask)
        implements FilterConfig {
    public RecorderConfig {
        mask = List.copyOf(mask);
    }
}
