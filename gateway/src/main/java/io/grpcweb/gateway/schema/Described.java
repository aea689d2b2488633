package io.grpcweb.gateway.schema;

import java.util.Optional;

/** Settings that name descriptors of services. */
public interface Described {

    /** What the descriptors say; empty where none are named. */
    Optional<ProtoSchema> described();
}
