package io.grpcweb.gateway.filter.headermutation;

import io.grpcweb.gateway.config.StringMatch;
import io.grpcweb.gateway.http.HeaderEdit;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.http.Substitution;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;

/** A list of changes that is ready to be used; each one sees what those before it left. */
final class Mutations {

    private interface Change {
        void apply(Http2Headers head, StreamInfo info);
    }

    private final List<Change> changes;

    Mutations(List<Mutation> mutations, Substitution.Compiler compiler) {
        changes = mutations.stream().map(one -> change(one, compiler)).toList();
    }

    private static Change change(Mutation mutation, Substitution.Compiler compiler) {
        if (mutation instanceof Mutation.Add add) {
            return new HeaderEdit(List.of(add.field()), List.of(), compiler)::apply;
        }
        if (mutation instanceof Mutation.Remove remove) {
            return new HeaderEdit(List.of(), List.of(remove.name()), compiler)::apply;
        }
        StringMatch names = ((Mutation.RemoveMatching) mutation).names();
        return (head, info) -> {
            for (CharSequence name : List.copyOf(head.names())) {
                if (name.charAt(0) != ':' && names.matches(name)) {
                    head.remove(name);
                }
            }
        };
    }

    void apply(Http2Headers head, StreamInfo info) {
        for (int i = 0; i < changes.size(); i++) {
            changes.get(i).apply(head, info);
        }
    }
}
