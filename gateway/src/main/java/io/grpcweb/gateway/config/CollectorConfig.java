package io.grpcweb.gateway.config;

import java.time.Duration;
import java.util.List;

/** Where spans or log entries are sent: a service behind a cluster of the gateway. */
public sealed interface CollectorConfig {

    /** Name of the cluster. */
    String cluster();

    /** The {@code :authority} of calls; empty for the name of the cluster. */
    String authority();

    /** Of one call; zero where nothing is said. */
    Duration timeout();

    /** Fields that every call carries. */
    List<HeaderRules.Add> fields();

    /** A gRPC service; the kind of data says which method. */
    record Grpc(String cluster, String authority, Duration timeout, List<HeaderRules.Add> fields)
            implements CollectorConfig {
        public Grpc {
            fields = List.copyOf(fields);
        }
    }

    /** A server that takes the same messages in the body of a POST (OTLP/HTTP with protobuf). */
    record Http(String cluster, String authority, String path, Duration timeout, List<HeaderRules.Add> fields)
            implements CollectorConfig {
        public Http {
            fields = List.copyOf(fields);
        }
    }
}
