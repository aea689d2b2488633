package io.grpcweb.gateway.downstream;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * How many connections an address may have, and how fast it may make them: whoever is stopped by a limit of a connection
 * makes another. Private and local addresses are proxies and tests, whose connections are somebody else's, and have no
 * limit. Addresses of IPv6 are counted by their network, since a host has all of a /64. For any thread.
 */
final class AddressLimits {
    private static final int IPV6_NETWORK = 8;

    /** Every so many connections those are forgotten that have none and may make as many as any. */
    private static final int SWEEP = 1024;

    private static final double NANOS_PER_SECOND = 1e9;

    private final int most;
    private final int perSecond;
    private final LongSupplier clock;
    private final ConcurrentMap<ByteBuffer, Peer> peers = new ConcurrentHashMap<>();
    private final AtomicInteger admitted = new AtomicInteger();

    private static final class Peer {
        int open;
        double spare;
        long atNanos;
    }

    /**
     * Limits under which nobody has a connection yet.
     *
     * @param most connections at once; 0 for no limit
     * @param perSecond new connections, of which as many may come at once; 0 for no limit
     * @param clock {@link System#nanoTime}
     */
    AddressLimits(int most, int perSecond, LongSupplier clock) {
        this.most = most;
        this.perSecond = perSecond;
        this.clock = clock;
    }

    /** Whether an address may have one connection more; then it counts until {@link #closed}. */
    boolean opened(InetAddress address) {
        ByteBuffer key = key(address);
        if (key == null) {
            return true;
        }
        if (admitted.incrementAndGet() % SWEEP == 0) {
            sweep();
        }
        boolean[] admits = new boolean[1];
        peers.compute(key, (same, before) -> {
            Peer peer = before == null ? fresh() : before;
            refill(peer);
            admits[0] = (most == 0 || peer.open < most) && (perSecond == 0 || peer.spare >= 1);
            if (admits[0]) {
                peer.open++;
                peer.spare--;
            }
            return peer;
        });
        return admits[0];
    }

    /** A connection that was admitted is gone. */
    void closed(InetAddress address) {
        ByteBuffer key = key(address);
        if (key != null) {
            peers.computeIfPresent(key, (same, peer) -> {
                peer.open--;
                return peer;
            });
        }
    }

    /** How many addresses are remembered. */
    int remembered() {
        return peers.size();
    }

    private Peer fresh() {
        Peer peer = new Peer();
        peer.spare = perSecond;
        peer.atNanos = clock.getAsLong();
        return peer;
    }

    private void refill(Peer peer) {
        long now = clock.getAsLong();
        peer.spare = Math.min(perSecond, peer.spare + (now - peer.atNanos) / NANOS_PER_SECOND * perSecond);
        peer.atNanos = now;
    }

    private void sweep() {
        for (ByteBuffer key : peers.keySet()) {
            peers.computeIfPresent(key, (same, peer) -> {
                refill(peer);
                return peer.open == 0 && peer.spare >= perSecond ? null : peer;
            });
        }
    }

    /** Null where there is no limit for the address. */
    private static ByteBuffer key(InetAddress address) {
        if (address == null
                || address.isLoopbackAddress()
                || address.isSiteLocalAddress()
                || address.isLinkLocalAddress()
                || address.isAnyLocalAddress()) {
            return null;
        }
        byte[] bytes = address.getAddress();
        if (!(address instanceof Inet6Address)) {
            // 100.64.0.0/10: between a provider and its customers (RFC 6598).
            return (bytes[0] & 0xff) == 100 && (bytes[1] & 0xc0) == 64 ? null : ByteBuffer.wrap(bytes);
        }
        // fc00::/7: private networks (RFC 4193).
        return (bytes[0] & 0xfe) == 0xfc ? null : ByteBuffer.wrap(Arrays.copyOf(bytes, IPV6_NETWORK));
    }
}
