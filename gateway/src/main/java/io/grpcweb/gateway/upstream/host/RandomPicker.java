package io.grpcweb.gateway.upstream.host;

import java.util.List;
import java.util.function.LongSupplier;

/** Any of them, whatever their weights. */
record RandomPicker(List<Host> hosts, LongSupplier random) implements Picker {
    @Override
    public Host pick() {
        return hosts.isEmpty() ? null : hosts.get((int) Long.remainderUnsigned(random.getAsLong(), hosts.size()));
    }
}
