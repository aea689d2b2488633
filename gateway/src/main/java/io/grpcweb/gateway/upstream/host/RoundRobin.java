package io.grpcweb.gateway.upstream.host;

import java.util.List;

/** One after the other from a random start where the weights are equal. */
final class RoundRobin implements Picker {
    private final List<Host> hosts;
    private int next;

    RoundRobin(List<Host> hosts, int start) {
        this.hosts = hosts;
        this.next = hosts.isEmpty() ? 0 : Math.floorMod(start, hosts.size());
    }

    @Override
    public Host pick() {
        if (hosts.isEmpty()) {
            return null;
        }
        Host host = hosts.get(next);
        next = next + 1 == hosts.size() ? 0 : next + 1;
        return host;
    }
}
