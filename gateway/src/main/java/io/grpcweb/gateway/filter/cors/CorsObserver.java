package io.grpcweb.gateway.filter.cors;

/** Who is told of what the CORS filter decides; called on event loops, must not block. */
public interface CorsObserver {

    /** A request with an Origin that its route's policy allows. */
    void allowed(CorsPolicy policy, boolean preflight);

    /**
     * A request with an Origin that its route's policy does not allow.
     *
     * @param origin as it was sent; not to be trusted
     */
    void refused(CorsPolicy policy, CharSequence origin, boolean preflight);

    /**
     * A preflight of an allowed origin asks for a header field that the policy does not list; the browser will not call.
     *
     * @param header as it was asked for; not to be trusted
     */
    void refusedHeader(CorsPolicy policy, CharSequence origin, String header);
}
