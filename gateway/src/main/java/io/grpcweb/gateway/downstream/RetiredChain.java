package io.grpcweb.gateway.downstream;

/** A filter chain that takes no connections any more and still has some. */
public final class RetiredChain {
    private final Chain chain;

    RetiredChain(Chain chain) {
        this.chain = chain;
    }

    /** The end of its connections. */
    public DrainState drain() {
        return chain.service().drain();
    }

    /** Its last connection is gone: its access logs and certificates are let go. */
    public void release() {
        chain.release();
    }
}
