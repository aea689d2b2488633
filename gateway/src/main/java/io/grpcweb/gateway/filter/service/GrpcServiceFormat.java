package io.grpcweb.gateway.filter.service;

import io.grpcweb.gateway.config.HeaderRules;
import io.grpcweb.gateway.config.envoy.GrpcTarget;
import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.Fields;
import io.grpcweb.gateway.config.hocon.HeaderFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How a gRPC service stands in both formats: {@code service { cluster = ... }}, and Envoy's {@code GrpcService}. */
public final class GrpcServiceFormat {
    private GrpcServiceFormat() {}

    /** What is not written of a service. */
    public static GrpcService usual(Duration timeout) {
        return new GrpcService("", "", timeout, List.of(), GrpcService.MOST_BYTES);
    }

    /** The fields of a section of the gateway's own format. */
    public static GrpcService fields(Fields own, GrpcService given) {
        String cluster = own.text("cluster", given.cluster());
        if (cluster.isEmpty()) {
            own.error("", "'cluster' is required");
        }
        return new GrpcService(
                cluster,
                own.text("authority", given.authority()),
                own.duration("timeout", given.timeout()),
                HeaderFormat.adds(own, "metadata", given.metadata()),
                own.bytes("most-bytes", given.mostBytes()));
    }

    /**
     * An {@code envoy.config.core.v3.GrpcService}; empty where it is broken, which is reported.
     *
     * @param timeout of the filter, where the message has none
     */
    public static Optional<GrpcService> read(Msg service, Duration timeout, Reading envoy) {
        int mostBytes = service.message("envoy_grpc")
                .map(grpc -> grpc.integer("max_receive_message_length", GrpcService.MOST_BYTES))
                .orElse(GrpcService.MOST_BYTES);
        return GrpcTarget.of(service, envoy)
                .map(target -> new GrpcService(
                        target.cluster(),
                        target.authority(),
                        service.duration("timeout", timeout),
                        metadata(service, envoy),
                        mostBytes));
    }

    private static List<HeaderRules.Add> metadata(Msg service, Reading envoy) {
        return values(service, "initial_metadata", HeaderRules.Action.APPEND, envoy);
    }

    /** A list of {@code envoy.config.core.v3.HeaderValue}. */
    public static List<HeaderRules.Add> values(Msg owner, String field, HeaderRules.Action action, Reading envoy) {
        List<HeaderRules.Add> found = new ArrayList<>();
        for (Msg value : owner.messages(field)) {
            envoy.checkOperators(value, "value", value.text("value"));
            found.add(new HeaderRules.Add(
                    value.text("key").toLowerCase(Locale.ROOT), value.text("value"), action, false));
        }
        return found;
    }
}
