package io.grpcweb.gateway.downstream;

/** A filter chain that takes no connections any more and still has some. */
public final class RetiredChain {
    private final Chain chain;
    private final HttpServices services;

    RetiredChain(Chain chain, HttpServices services) {
        this.chain = chain;
        this.services = services;
    }

    /** The end of its connections. */
    public DrainState drain() {
        return chain.service().drain();
    }

    /** Its last connection is gone: its access logs and certificates are let go. */
    public void release() {
        chain.release(services);
    }
}
