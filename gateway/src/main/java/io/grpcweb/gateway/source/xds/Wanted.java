package io.grpcweb.gateway.source.xds;

import io.grpcweb.gateway.config.Resource;
import io.grpcweb.gateway.config.ResourceType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A resource that is wanted, or all of a kind, and what has come of it so far: equal contents are not passed on, and contents
 * that were refused are looked at again only when something else has changed since. On the loop.
 */
final class Wanted {
    private final ResourceType type;
    private final String name;
    private final SubscriptionStats stats;
    private final Epoch epoch;
    private final List<Receiver> receivers = new ArrayList<>();
    private final Map<String, Resource> taken = new LinkedHashMap<>();
    private final Map<String, Refused> refused = new LinkedHashMap<>();
    private Timers.Waiting timeout;
    private boolean settled;
    private boolean fresh;

    private record Refused(Resource.Content content, String why, long when) {}

    /**
     * What has become of a delivery.
     *
     * @param problems why resources are refused, by name; empty where all is in force
     * @param known whether all of that had been refused before
     */
    record Outcome(Map<String, String> problems, boolean known) {
        boolean isTaken() {
            return problems.isEmpty();
        }
    }

    /** @param name of the one that is wanted; empty for all of the kind */
    Wanted(ResourceType type, String name, SubscriptionStats stats, Epoch epoch) {
        this.type = type;
        this.name = name;
        this.stats = stats;
        this.epoch = epoch;
    }

    ResourceType type() {
        return type;
    }

    String name() {
        return name;
    }

    SubscriptionStats stats() {
        return stats;
    }

    void add(Receiver receiver) {
        receivers.add(receiver);
    }

    /** Whether nobody is left. */
    boolean remove(Receiver receiver) {
        receivers.remove(receiver);
        return receivers.isEmpty();
    }

    /** From now on it is waited for. */
    void waitWith(Timers.Waiting newTimeout) {
        timeout = newTimeout;
    }

    /** What is in force, where one resource is wanted and has come. */
    Optional<Resource> known() {
        return Optional.ofNullable(taken.get(name));
    }

    boolean isSettled() {
        return settled;
    }

    /** Looks at an answer. */
    Outcome deliver(Delivery delivery) {
        List<Resource> changed = new ArrayList<>();
        Map<String, String> problems = new LinkedHashMap<>();
        Set<String> present = new HashSet<>();
        for (Resource resource : delivery.resources()) {
            if (!name.isEmpty() && !resource.name().equals(name)) {
                continue;
            }
            present.add(resource.name());
            Refused before = refused.get(resource.name());
            Resource inForce = taken.get(resource.name());
            if (before != null && before.content.equals(resource.content()) && before.when == epoch.now()) {
                problems.put(resource.name(), before.why);
            } else if (inForce != null && inForce.content().equals(resource.content())) {
                refused.remove(resource.name());
            } else {
                changed.add(resource);
            }
        }
        boolean known = !problems.isEmpty() && changed.isEmpty();
        Set<String> gone = gone(delivery, present);
        if (!changed.isEmpty() || !gone.isEmpty() || !fresh) {
            fresh = true;
            problems.putAll(pass(changed, gone, delivery.version()));
        }
        settle();
        return new Outcome(problems, known);
    }

    private Set<String> gone(Delivery delivery, Set<String> present) {
        if (!type.isAll()) {
            // A resource that is not sent any more stays, as in Envoy.
            return Set.of();
        }
        Set<String> gone = new LinkedHashSet<>(taken.keySet());
        gone.addAll(refused.keySet());
        if (delivery.whole()) {
            gone.removeAll(present);
        } else {
            gone.retainAll(delivery.removed());
        }
        return gone;
    }

    private Map<String, String> pass(List<Resource> changed, Set<String> gone, String version) {
        Map<String, String> problems = new HashMap<>();
        for (Receiver receiver : List.copyOf(receivers)) {
            problems.putAll(receiver.changed(List.copyOf(changed), Set.copyOf(gone), version));
        }
        gone.forEach(taken::remove);
        gone.forEach(refused::remove);
        boolean any = !gone.isEmpty();
        for (Resource resource : changed) {
            String why = problems.get(resource.name());
            if (why == null) {
                taken.put(resource.name(), resource);
                refused.remove(resource.name());
                any = true;
            }
        }
        if (any) {
            stats.changed();
            epoch.advance();
        }
        for (Resource resource : changed) {
            String why = problems.get(resource.name());
            if (why != null) {
                refused.put(resource.name(), new Refused(resource.content(), why, epoch.now()));
            }
        }
        Map<String, String> ordered = new LinkedHashMap<>();
        changed.forEach(resource -> {
            if (problems.containsKey(resource.name())) {
                ordered.put(resource.name(), problems.get(resource.name()));
            }
        });
        return ordered;
    }

    /** An answer to it was refused as a whole. */
    void failed() {
        settle();
    }

    /** Its time is over. */
    void timedOut() {
        if (!settled) {
            stats.initFetchTimeout.increment();
            settle();
        }
    }

    private void settle() {
        if (settled) {
            return;
        }
        settled = true;
        if (timeout != null) {
            timeout.cancel();
        }
        List.copyOf(receivers).forEach(Receiver::settled);
    }

    /** It is wanted no longer. */
    void close() {
        if (timeout != null) {
            timeout.cancel();
        }
    }
}
