package io.grpcweb.gateway.upstream;

import java.util.ArrayList;
import java.util.List;

/** What a load balancer may know of a call: the hash of its route's hash policies, and who was tried already. */
final class PickContext {
    /** A first attempt without a hash. */
    static final PickContext NONE = new PickContext(false, 0);

    private final boolean hashed;
    private final long hash;
    private List<Host> tried = List.of();

    private PickContext(boolean hashed, long hash) {
        this.hashed = hashed;
        this.hash = hash;
    }

    static PickContext withoutHash() {
        return new PickContext(false, 0);
    }

    static PickContext withHash(long hash) {
        return new PickContext(true, hash);
    }

    boolean hashed() {
        return hashed;
    }

    long hash() {
        return hash;
    }

    /** From now on another endpoint is preferred. Not on {@link #NONE}. */
    void avoid(Host host) {
        if (this == NONE) {
            throw new IllegalStateException("shared");
        }
        if (tried.isEmpty()) {
            tried = new ArrayList<>(2);
        }
        tried.add(host);
    }

    boolean anythingToAvoid() {
        return !tried.isEmpty();
    }

    boolean shouldAvoid(Host host) {
        return tried.contains(host);
    }
}
