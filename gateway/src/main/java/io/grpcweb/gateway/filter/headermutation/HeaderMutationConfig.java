package io.grpcweb.gateway.filter.headermutation;

import io.grpcweb.gateway.config.FilterConfig;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is changed, each list in its order.
 *
 * @param mostSpecificWins whether the changes of a route come after those of its virtual host
 */
public record HeaderMutationConfig(
        String name,
        List<Mutation> request,
        List<Mutation> requestTrailers,
        List<Mutation> response,
        List<Mutation> responseTrailers,
        List<QueryMutation> query,
        boolean mostSpecificWins)
        implements FilterConfig {

    public HeaderMutationConfig {
        request = List.copyOf(request);
        requestTrailers = List.copyOf(requestTrailers);
        response = List.copyOf(response);
        responseTrailers = List.copyOf(responseTrailers);
        query = List.copyOf(query);
    }

    boolean isEmpty() {
        return request.isEmpty()
                && requestTrailers.isEmpty()
                && response.isEmpty()
                && responseTrailers.isEmpty()
                && query.isEmpty();
    }

    /** These changes, and those of another place after them. */
    HeaderMutationConfig then(HeaderMutationConfig other) {
        return new HeaderMutationConfig(
                name,
                joined(request, other.request),
                joined(requestTrailers, other.requestTrailers),
                joined(response, other.response),
                joined(responseTrailers, other.responseTrailers),
                joined(query, other.query),
                mostSpecificWins);
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    @Override
    public boolean readsQuery() {
        return !query.isEmpty();
    }
}
