package io.grpcweb.gateway.admin;

import io.grpcweb.gateway.stats.HttpStats;
import io.grpcweb.gateway.stats.ListenerStats;
import io.grpcweb.gateway.stats.WorkerStats;
import io.netty.channel.Channel;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The connections with the admin listener, bounded: one too many ends the one that has said nothing for the longest time, so
 * that slow or forgotten clients cannot keep a probe away. On the admin thread alone.
 */
final class AdminConnections {
    /** What all answers together may hold that their askers have not read. */
    private static final long MAX_UNREAD = 32 << 20;

    private static final int SMALL = 4096;

    private final int limit;
    private final ListenerStats listener;
    private final HttpStats http;
    private final WorkerStats thread;

    /** In the order of their last request; with the time they came, in nanoseconds. */
    private final Map<Channel, Long> open = new LinkedHashMap<>();

    private long unread;

    AdminConnections(int limit, ListenerStats listener, HttpStats http) {
        this.limit = limit;
        this.listener = listener;
        this.http = http;
        this.thread = listener.worker(0);
    }

    void opened(Channel channel) {
        if (open.size() >= limit) {
            Iterator<Channel> eldest = open.keySet().iterator();
            Channel victim = eldest.next();
            listener.downstreamCxOverflow.increment();
            victim.close();
        }
        long now = System.nanoTime();
        open.put(channel, now);
        listener.downstreamCxTotal.increment();
        listener.downstreamCxActive.increment();
        thread.downstreamCxTotal.increment();
        thread.downstreamCxActive.increment();
        http.downstreamCxTotal.increment();
        http.downstreamCxHttp1Total.increment();
        http.downstreamCxActive.increment();
        http.downstreamCxHttp1Active.increment();
        channel.closeFuture().addListener(closed -> closed(channel));
    }

    /** It has sent a request. */
    void used(Channel channel) {
        Long since = open.remove(channel);
        if (since != null) {
            open.put(channel, since);
        }
    }

    /** Whether an answer of this size may join those that are not read yet; a small one always may. */
    boolean hasRoomFor(int size) {
        return size <= SMALL || unread + size <= MAX_UNREAD;
    }

    /** So much more, or less, of answers is not read yet. */
    void unread(long change) {
        unread += change;
    }

    void closeAll() {
        List.copyOf(open.keySet()).forEach(Channel::close);
    }

    private void closed(Channel channel) {
        Long since = open.remove(channel);
        if (since == null) {
            return;
        }
        listener.downstreamCxActive.decrement();
        thread.downstreamCxActive.decrement();
        listener.downstreamCxDestroy.increment();
        listener.downstreamCxLengthMs.recordNanos(System.nanoTime() - since);
        http.downstreamCxActive.decrement();
        http.downstreamCxHttp1Active.decrement();
        http.downstreamCxDestroy.increment();
        http.downstreamCxLengthMs.recordNanos(System.nanoTime() - since);
    }
}
