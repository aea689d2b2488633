package io.grpcweb.gateway.http;

/** What a filter says of a page that calls without having asked a preflight, so that the gateway has to judge its origin. */
public enum PageVerdict {
    /** Nothing: it has no policy for such a request. */
    NO_SAY,
    ALLOWED,
    REFUSED
}
