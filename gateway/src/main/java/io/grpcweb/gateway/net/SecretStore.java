package io.grpcweb.gateway.net;

import io.grpcweb.gateway.config.SecretContent;
import io.grpcweb.gateway.config.TlsConfig.SecretRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The secrets that have come from elsewhere, and who makes something of them. Any thread reads. */
public final class SecretStore {
    private final Map<SecretRef, SecretContent> known = new ConcurrentHashMap<>();
    private final List<Follower> followers = new CopyOnWriteArrayList<>();

    private record Follower(List<SecretRef> refs, Runnable action) {}

    /** The secret, where it has come. */
    public Optional<SecretContent> get(SecretRef ref) {
        return Optional.ofNullable(known.get(ref));
    }

    /** A secret has come, or another one in its place: whoever follows it makes his own anew, on the caller's thread. */
    public void put(SecretRef ref, SecretContent content) {
        known.put(ref, content);
        for (Follower follower : followers) {
            if (follower.refs.contains(ref)) {
                follower.action.run();
            }
        }
    }

    /** Nobody uses it any more. */
    public void forget(SecretRef ref) {
        known.remove(ref);
    }

    /** The action runs whenever one of the secrets is another, until what is returned is closed. */
    FileWatch.Watched follow(List<SecretRef> refs, Runnable action) {
        if (refs.isEmpty()) {
            return () -> {};
        }
        Follower follower = new Follower(refs, action);
        followers.add(follower);
        return () -> followers.remove(follower);
    }
}
