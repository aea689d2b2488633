package io.grpcweb.gateway.filter.connect;

import io.grpcweb.gateway.schema.ProtoSchema;
import java.util.List;

/**
 * Compiled proto files.
 *
 * @param files their names
 * @param schema what they say together
 */
public record Descriptors(List<String> files, ProtoSchema schema) {
    public Descriptors {
        files = List.copyOf(files);
    }
}
