package io.grpcweb.gateway.http;

/** What a filter says of a page that calls without having asked a preflight, so that the gateway has to judge its origin. */
public enum PageVerdict {
    /** Nothing: it has no policy for such a request. */
    NO_SAY,
    /** The page may call, but not in the name of a user whose cookies the browser adds. */
    ALLOWED,
    ALLOWED_WITH_CREDENTIALS,
    REFUSED
}
