package io.grpcweb.gateway.filter.grpcjsontranscoder;

import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.LocalReply;

/** The filter's own responses; their texts, statuses and details are those of Envoy. */
final class Failure {
    private static final Details NO_METHOD = Details.of("early_grpc_json_transcode_failure{NOT_FOUND}");
    private static final Details EARLY = Details.of("early_grpc_json_transcode_failure{INVALID_ARGUMENT}");
    private static final Details INVALID = Details.of("grpc_json_transcode_failure{INVALID_ARGUMENT}");
    private static final Details FRAME = Details.of("grpc_json_transcode_failure{INTERNAL}");
    private static final Details REQUEST_SIZE =
            Details.of("grpc_json_transcode_failure{request_buffer_size_limit_reached}");
    private static final Details RESPONSE_SIZE =
            Details.of("grpc_json_transcode_failure{response_buffer_size_limit_reached}");

    private static final Details NO_DESCRIPTORS = Details.of("grpc_json_transcode_failure{no_descriptors}");

    private Failure() {}

    /** The backend was asked for its descriptors, and has not told them. */
    static LocalReply noDescriptors() {
        return LocalReply.denied(503, "the descriptors of the service are not known", NO_DESCRIPTORS);
    }

    /** A path that leads to no method. */
    static LocalReply noMethod(String path) {
        return LocalReply.denied(404, "Could not resolve " + path + " to a method.", NO_METHOD);
    }

    /**
     * A request that is not one of its method.
     *
     * @param early whether the head tells it
     */
    static LocalReply badRequest(String message, boolean early) {
        return LocalReply.denied(400, message, early ? EARLY : INVALID);
    }

    /** A body, or a message of a stream, that is longer than what may be held. */
    static LocalReply requestTooLarge() {
        return LocalReply.denied(
                413,
                "Request rejected because the transcoder's internal buffer size exceeds the configured limit.",
                REQUEST_SIZE);
    }

    /** A message of the backend that is longer than what may be held. */
    static LocalReply responseTooLarge() {
        return LocalReply.denied(
                500,
                "Response not transcoded because the transcoder's internal buffer size exceeds the configured limit.",
                RESPONSE_SIZE);
    }

    /** A message of the backend that is none, or has no JSON. */
    static LocalReply badResponse(String message) {
        return LocalReply.denied(502, message, INVALID);
    }

    /** A body of the backend that is not made of frames. */
    static LocalReply badFrame(String message) {
        return LocalReply.denied(502, message, FRAME);
    }
}
