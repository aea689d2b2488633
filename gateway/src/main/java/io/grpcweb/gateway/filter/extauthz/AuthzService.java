package io.grpcweb.gateway.filter.extauthz;

import io.grpcweb.gateway.config.HeaderRules;
import io.grpcweb.gateway.config.StringMatch;
import io.grpcweb.gateway.filter.service.GrpcService;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The service that is asked. */
public sealed interface AuthzService {
    /** Envoy's time-out where none is written. */
    Duration USUAL_TIMEOUT = Duration.ofMillis(200);

    /** Name of its cluster. */
    String cluster();

    /** {@code envoy.service.auth.v3.Authorization/Check}. */
    record Grpc(GrpcService service) implements AuthzService {
        @Override
        public String cluster() {
            return service.cluster();
        }
    }

    /**
     * A request like the one that waits: its method, its path and some of its fields. Status 200 lets it pass.
     *
     * @param prefix of the path
     * @param path in place of that of the request; empty for none
     * @param add fields that the service gets besides
     * @param answer which fields of its answers go where
     */
    record Http(
            String cluster, Duration timeout, String prefix, String path, List<HeaderRules.Add> add, HttpAnswer answer)
            implements AuthzService {
        public Http {
            add = List.copyOf(add);
        }
    }

    /**
     * Which fields of an HTTP answer go where.
     *
     * @param toBackend replace those of the request
     * @param toBackendMore are added to those of the request
     * @param toClient of a refusal; absent: all
     * @param toClientOnSuccess are added to the response of the backend
     * @param toMetadata are kept as metadata
     */
    record HttpAnswer(
            List<StringMatch> toBackend,
            List<StringMatch> toBackendMore,
            Optional<List<StringMatch>> toClient,
            List<StringMatch> toClientOnSuccess,
            List<StringMatch> toMetadata) {
        /** Only a refusal is handed on, with all its fields. */
        static final HttpAnswer NOTHING = new HttpAnswer(List.of(), List.of(), Optional.empty(), List.of(), List.of());

        public HttpAnswer {
            toBackend = List.copyOf(toBackend);
            toBackendMore = List.copyOf(toBackendMore);
            toClient = toClient.map(List::copyOf);
            toClientOnSuccess = List.copyOf(toClientOnSuccess);
            toMetadata = List.copyOf(toMetadata);
        }
    }
}
