package io.grpcweb.gateway.filter.headermutation;

import io.grpcweb.gateway.http.Parameters;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.http.Substitution;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;

/** A list of changes of a query that is ready to be used; each one sees what those before it left. */
final class QueryMutations {

    private interface Change {
        void apply(Parameters parameters, StreamInfo info);
    }

    private final List<Change> changes;

    QueryMutations(List<QueryMutation> mutations, Substitution.Compiler compiler) {
        changes = mutations.stream().map(one -> change(one, compiler)).toList();
    }

    private static Change change(QueryMutation mutation, Substitution.Compiler compiler) {
        if (mutation instanceof QueryMutation.Remove remove) {
            return (parameters, info) -> parameters.remove(remove.name());
        }
        QueryMutation.Set set = (QueryMutation.Set) mutation;
        Substitution value = compiler.field(set.value());
        return (parameters, info) -> {
            boolean there = parameters.contains(set.name());
            boolean wanted =
                    switch (set.action()) {
                        case APPEND, OVERWRITE_OR_ADD -> true;
                        case ADD_IF_ABSENT -> !there;
                        case OVERWRITE_IF_EXISTS -> there;
                    };
            if (!wanted) {
                return;
            }
            switch (set.action()) {
                case OVERWRITE_OR_ADD, OVERWRITE_IF_EXISTS -> parameters.remove(set.name());
                case APPEND, ADD_IF_ABSENT -> {}
            }
            parameters.add(set.name(), value.of(info));
        };
    }

    void apply(Http2Headers head, StreamInfo info) {
        if (changes.isEmpty()) {
            return;
        }
        Parameters parameters = Parameters.of(head.path());
        for (Change change : changes) {
            change.apply(parameters, info);
        }
        head.path(parameters.path());
    }
}
