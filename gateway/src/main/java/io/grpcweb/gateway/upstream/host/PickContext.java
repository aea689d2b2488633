package io.grpcweb.gateway.upstream.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a load balancer may know of a call: the hash of its route's hash policies, what the endpoint must have, and who was tried
 * already.
 */
public final class PickContext {
    /** A first attempt without a hash. */
    public static final PickContext NONE = new PickContext(false, 0);

    private final boolean hashed;
    private final long hash;
    private Map<String, Object> criteria = Map.of();
    private List<Host> tried = List.of();

    private PickContext(boolean hashed, long hash) {
        this.hashed = hashed;
        this.hash = hash;
    }

    public static PickContext withoutHash() {
        return new PickContext(false, 0);
    }

    public static PickContext withHash(long hash) {
        return new PickContext(true, hash);
    }

    public boolean hashed() {
        return hashed;
    }

    public long hash() {
        return hash;
    }

    /** What the endpoint must have, where the cluster has subsets. Not on {@link #NONE}. */
    public void want(Map<String, Object> wanted) {
        if (this == NONE) {
            throw new IllegalStateException("shared");
        }
        criteria = wanted;
    }

    Map<String, Object> criteria() {
        return criteria;
    }

    /** From now on another endpoint is preferred. Not on {@link #NONE}. */
    public void avoid(Host host) {
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

    public boolean shouldAvoid(Host host) {
        return tried.contains(host);
    }
}
