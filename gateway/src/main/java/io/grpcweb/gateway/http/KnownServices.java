package io.grpcweb.gateway.http;

/** Which services the backends of clusters have, as far as these have told. Nobody waits for an answer. Any event loop. */
@FunctionalInterface
public interface KnownServices {

    /** Whether a cluster's backend has a service. */
    enum Answer {
        HERE,
        ELSEWHERE,
        /** The backend has not told yet. */
        UNKNOWN
    }

    /** Nobody has told anything. */
    KnownServices NONE = (cluster, path) -> Answer.UNKNOWN;

    /** Each backend has each service: for what only looks at a configuration. */
    KnownServices EVERYWHERE = (cluster, path) -> Answer.HERE;

    /**
     * Looks it up.
     *
     * @param path of a request, without its query; what is not the path of a method is of no service
     */
    Answer of(String cluster, String path);
}
