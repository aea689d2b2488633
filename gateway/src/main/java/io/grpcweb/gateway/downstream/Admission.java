package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.OverloadConfig.Kind;
import io.grpcweb.gateway.config.OverloadConfig.Place;
import io.grpcweb.gateway.overload.Load;
import io.grpcweb.gateway.stats.ListenerStats;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether an accepted connection is served: by how many the listener has, the gateway has and its address has, and by how
 * short the process runs. What is not admitted is closed at once, is counted, and says so in the log once in a while.
 */
final class Admission {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);
    private static final long QUIET_NANOS = 10_000_000_000L;

    private final Load load;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong saidNanos = new AtomicLong();
    private volatile AddressLimits addresses = new AddressLimits(0, 0, System::nanoTime);
    private volatile ListenerConfig.Admission limits = ListenerConfig.Admission.DEFAULT;

    /** @param load how short the process runs */
    Admission(Load load) {
        this.load = load;
    }

    /** Other limits, for connections that come from now on. */
    void limits(ListenerConfig.Admission next, boolean behindProxies) {
        if (next.perAddress() != limits.perAddress() || next.newPerAddress() != limits.newPerAddress()) {
            addresses = behindProxies
                    ? new AddressLimits(0, 0, System::nanoTime)
                    : new AddressLimits(next.perAddress(), next.newPerAddress(), System::nanoTime);
        }
        limits = next;
    }

    /** Takes a place for a connection and gives it back when it is closed; false where there is none. */
    boolean admits(Channel channel, ListenerConfig config, ListenerStats stats) {
        if (config.admission().shedsLoad()
                && (load.hits(Kind.REJECT_INCOMING_CONNECTIONS) || load.sheds(Place.ACCEPT))) {
            stats.downstreamCxOverloadReject.increment();
            return false;
        }
        if (open.incrementAndGet() > config.connectionLimit().orElse(Integer.MAX_VALUE)) {
            open.decrementAndGet();
            stats.downstreamCxOverflow.increment();
            return false;
        }
        boolean counts = config.admission().countsGlobally();
        if (counts && !load.opened()) {
            open.decrementAndGet();
            stats.downstreamGlobalCxOverflow.increment();
            say(config, "the gateway has " + load.mostConnections() + " already");
            return false;
        }
        AddressLimits byAddress = addresses;
        InetAddress address = channel.remoteAddress() instanceof InetSocketAddress inet ? inet.getAddress() : null;
        boolean admits = byAddress.opened(address);
        if (!admits) {
            stats.downstreamCxOverflow.increment();
            say(config, address.getHostAddress() + " has more than its share");
        }
        channel.closeFuture().addListener(closed -> {
            open.decrementAndGet();
            if (counts) {
                load.closed();
            }
            if (admits) {
                byAddress.closed(address);
            }
        });
        return admits;
    }

    private void say(ListenerConfig config, String reason) {
        long now = System.nanoTime();
        long before = saidNanos.get();
        if ((before == 0 || now - before > QUIET_NANOS) && saidNanos.compareAndSet(before, now)) {
            LOG.warn("listener {}: connections are refused: {}", config.name(), reason);
        }
    }
}
