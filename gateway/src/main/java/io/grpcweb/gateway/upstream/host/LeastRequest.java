package io.grpcweb.gateway.upstream.host;

import java.util.List;
import java.util.function.LongSupplier;

/** Of some endpoints drawn at random the one with the fewest calls under way; for equal weights. */
final class LeastRequest implements Picker {
    private final List<Host> hosts;
    private final int choices;
    private final LongSupplier random;

    LeastRequest(List<Host> hosts, int choices, LongSupplier random) {
        this.hosts = hosts;
        this.choices = choices;
        this.random = random;
    }

    @Override
    public Host pick() {
        if (hosts.isEmpty()) {
            return null;
        }
        Host best = draw();
        for (int i = 1; i < choices; i++) {
            Host other = draw();
            if (other.activeRequests() < best.activeRequests()) {
                best = other;
            }
        }
        return best;
    }

    private Host draw() {
        return hosts.get((int) Long.remainderUnsigned(random.getAsLong(), hosts.size()));
    }

    /** With unequal weights: the weight counts less the more calls are under way. */
    static double weight(Host host, double bias) {
        double calls = host.activeRequests() + 1;
        return host.weight() / (bias == 1 ? calls : Math.pow(calls, bias));
    }
}
