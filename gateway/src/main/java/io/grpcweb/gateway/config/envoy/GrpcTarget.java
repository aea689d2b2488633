package io.grpcweb.gateway.config.envoy;

import java.util.Optional;

/**
 * The service that an {@code envoy.config.core.v3.GrpcService} names, as a cluster of the file or as a target of gRPC.
 *
 * @param cluster through which it is called
 * @param authority by which it is called; empty for the name of the cluster
 */
public record GrpcTarget(String cluster, String authority) {

    /** Empty where it is broken, which is reported. */
    public static Optional<GrpcTarget> of(Msg service, Reading reading) {
        Optional<Msg> google = service.message("google_grpc");
        if (google.isPresent()) {
            return new GrpcTargets(reading).read(google.get());
        }
        return service.message("envoy_grpc").map(grpc -> {
            reading.requireCluster(grpc, "cluster_name", grpc.text("cluster_name"));
            return new GrpcTarget(grpc.text("cluster_name"), grpc.text("authority"));
        });
    }
}
