package io.grpcweb.gateway.filter.recorder;

import io.grpcweb.gateway.http.CallFormat;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A call that is over. Its texts are printable and bounded; values of secret header fields are not among them.
 *
 * @param number counts the calls of the gateway that were recorded
 * @param at when it began
 * @param nanos how long it took
 * @param path {@code /package.Service/Method}, without a query
 * @param cluster empty where it was sent to none
 * @param origin the page that called; empty for a program
 * @param grpcStatus below 0 where there is none
 * @param message of the status, as it was sent; empty for none
 * @param fields of the request
 * @param mask full names of fields of messages whose values are not to be shown
 */
public record RecordedCall(
        long number,
        Instant at,
        long nanos,
        String path,
        String cluster,
        String origin,
        CallFormat format,
        int httpStatus,
        int grpcStatus,
        String message,
        List<Map.Entry<String, String>> fields,
        Direction request,
        Direction response,
        Set<String> mask) {
    public RecordedCall {
        fields = List.copyOf(fields);
        mask = Set.copyOf(mask);
    }

    /**
     * The messages one way.
     *
     * @param messages the first of them
     * @param count all of them
     * @param coding of those that are compressed; empty for none
     */
    public record Direction(List<RecordedMessage> messages, long count, String coding) {
        public Direction {
            messages = List.copyOf(messages);
        }
    }
}
