package io.grpcweb.gateway.upstream.host;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Every policy but the hashing ones: first a priority level by its load, in it all endpoints (panic), the healthy or
 * the degraded ones, by locality where the configuration wants that, and then one of them by the policy.
 */
final class LevelBalancer implements LoadBalancer {
    /** So often the policy is asked for another endpoint where the one that came up was tried already. */
    private static final int ATTEMPTS = 10;

    private final Supplier<HostSet> source;
    private final Picker.Factory policy;
    private final boolean byLocality;
    private final LongSupplier random;
    private final LongAdder panics;
    private HostSet hosts;
    private List<Picks> levels = List.of();

    /** The three kinds of choice in a level, each made when it is first asked for: most are never. */
    private final class Picks {
        private final HostSet.Level level;
        private final double overprovisioning;
        private Picker all;
        private Picker healthy;
        private Picker degraded;

        Picks(HostSet.Level level, double overprovisioning) {
            this.level = level;
            this.overprovisioning = overprovisioning;
        }

        Host pickAny() {
            if (all == null) {
                all = policy.over(level.all());
            }
            return all.pick();
        }

        Host pickHealthy() {
            if (healthy == null) {
                healthy = picker(level.healthy(), HostSet.Place::healthy);
            }
            return healthy.pick();
        }

        Host pickDegraded() {
            if (degraded == null) {
                degraded = picker(level.degraded(), HostSet.Place::degraded);
            }
            return degraded.pick();
        }

        private Picker picker(List<Host> hosts, Function<HostSet.Place, List<Host>> eligible) {
            Picker wherever = policy.over(hosts);
            return byLocality
                    ? new LocalityPicker(level.localities(), eligible, overprovisioning, policy, wherever)
                    : wherever;
        }
    }

    LevelBalancer(
            Supplier<HostSet> source,
            Picker.Factory policy,
            boolean byLocality,
            LongSupplier random,
            LongAdder panics) {
        this.source = source;
        this.policy = policy;
        this.byLocality = byLocality;
        this.random = random;
        this.panics = panics;
    }

    @Override
    public Host choose(PickContext context) {
        HostSet current = source.get();
        if (current != hosts) {
            refresh(current);
        }
        Host host = chooseOnce();
        for (int i = 1; i < ATTEMPTS && host != null && context.shouldAvoid(host); i++) {
            host = chooseOnce();
        }
        return host != null && context.shouldAvoid(host) ? otherThan(host, context) : host;
    }

    /**
     * One that was not tried yet, where chance or weights always named those that were: from a place in the list at random,
     * among the endpoints of the same level and health. The one that was tried, where there is no other.
     */
    private Host otherThan(Host tried, PickContext context) {
        List<Host> among = peers(tried);
        int start = (int) Long.remainderUnsigned(random.getAsLong(), among.size());
        for (int i = 0; i < among.size(); i++) {
            Host host = among.get((start + i) % among.size());
            if (!context.shouldAvoid(host)) {
                return host;
            }
        }
        return tried;
    }

    private List<Host> peers(Host host) {
        return hosts.levels().stream()
                .flatMap(level -> Stream.of(level.healthy(), level.degraded(), level.all()))
                .filter(among -> among.contains(host))
                .findFirst()
                .orElse(List.of(host));
    }

    private void refresh(HostSet current) {
        List<Picks> fresh = new ArrayList<>();
        current.levels().forEach(level -> fresh.add(new Picks(level, current.overprovisioning())));
        levels = fresh;
        hosts = current;
    }

    private Host chooseOnce() {
        int choice = hosts.levels().size() == 1 && hosts.load().healthy(0) == 100
                ? 0
                : hosts.load().choose(random.getAsLong());
        Picks picks = levels.get(choice / 2);
        if (hosts.load().panic(choice / 2)) {
            panics.increment();
            return picks.pickAny();
        }
        return choice % 2 == 0 ? picks.pickHealthy() : picks.pickDegraded();
    }
}
