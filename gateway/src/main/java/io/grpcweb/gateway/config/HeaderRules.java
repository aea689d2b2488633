package io.grpcweb.gateway.config;

import java.util.List;

/**
 * Fields that are added to and removed from a request and its response. Values may hold {@code %COMMAND%} operators.
 *
 * @param requestAdd in order
 * @param requestRemove names, lower-case
 * @param responseAdd in order
 * @param responseRemove names, lower-case
 */
public record HeaderRules(
        List<Add> requestAdd, List<String> requestRemove, List<Add> responseAdd, List<String> responseRemove) {

    /** Nothing to do. */
    public static final HeaderRules NONE = new HeaderRules(List.of(), List.of(), List.of(), List.of());

    public HeaderRules {
        requestAdd = List.copyOf(requestAdd);
        requestRemove = List.copyOf(requestRemove);
        responseAdd = List.copyOf(responseAdd);
        responseRemove = List.copyOf(responseRemove);
    }

    public boolean isEmpty() {
        return requestAdd.isEmpty() && requestRemove.isEmpty() && responseAdd.isEmpty() && responseRemove.isEmpty();
    }

    /** One field to add: its name in lower-case, its value, and what happens where the name is there already. */
    public record Add(String name, String value, Action action, boolean keepEmpty) {}

    /** Envoy's {@code append_action}. */
    public enum Action {
        APPEND,
        ADD_IF_ABSENT,
        OVERWRITE_OR_ADD,
        OVERWRITE_IF_EXISTS
    }
}
