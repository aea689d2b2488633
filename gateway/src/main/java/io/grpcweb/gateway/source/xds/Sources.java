package io.grpcweb.gateway.source.xds;

import io.grpcweb.gateway.config.ControlPlane;
import io.grpcweb.gateway.config.Resource;
import io.grpcweb.gateway.config.ResourceSource;
import io.grpcweb.gateway.config.ResourceType;
import io.grpcweb.gateway.source.xds.proto.Node;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All places that resources come from, and all resources that are wanted of them. Whoever wants the same resource of the same
 * source shares it. Everything happens on one loop, that of the timers.
 */
public final class Sources implements AutoCloseable {
    private final Parts parts;
    private final Optional<ControlPlane> aggregated;
    private final Map<Key, Entry> entries = new HashMap<>();
    private final Set<Feed> untold = new LinkedHashSet<>();
    private final Epoch epoch = new Epoch();
    private PlaneStream shared;
    private boolean closed;

    /**
     * What sources are made of.
     *
     * @param node who asks
     * @param names what series are called
     * @param questions asks over HTTP
     * @param files reads files of resources
     */
    public record Parts(
            Timers timers,
            StreamOpener opener,
            Node node,
            SeriesNames names,
            Questions questions,
            ResourceFiles files) {}

    private record Key(ResourceSource.Way way, ResourceType type, String name) {}

    private record Entry(Wanted wanted, Feed feed) {}

    /** @param aggregated the control plane whose stream sources may share */
    public Sources(Parts parts, Optional<ControlPlane> aggregated) {
        this.parts = parts;
        this.aggregated = aggregated;
    }

    /** A resource, or all of a kind, that somebody wants. */
    public final class Subscription implements AutoCloseable {
        private final Key key;
        private final Wanted wanted;
        private final Receiver receiver;

        private Subscription(Key key, Wanted wanted, Receiver receiver) {
            this.key = key;
            this.wanted = wanted;
            this.receiver = receiver;
        }

        /** The one that is wanted, where it is known: others may have wanted it before. */
        public Optional<Resource> known() {
            return wanted.known();
        }

        /** Whether nothing is waited for: it came, was refused, or did not come in time. */
        public boolean isSettled() {
            return wanted.isSettled();
        }

        /** It is wanted no longer. */
        @Override
        public void close() {
            drop(key, receiver);
        }
    }

    /**
     * Wants a resource.
     *
     * @param name of it; empty for all of a kind
     * @param owner whose series count it, of those that want the same the first: a cluster, a prefix of HTTP series
     * @throws SourceException says why the source cannot be used
     */
    public Subscription subscribe(
            ResourceSource source, ResourceType type, String name, String owner, Receiver receiver)
            throws SourceException {
        Key key = new Key(source.way(), type, name);
        Entry entry = entries.get(key);
        if (entry == null) {
            Wanted wanted = new Wanted(type, name, parts.names().stats(type, owner, name), epoch);
            entry = new Entry(wanted, feed(source.way(), wanted));
            entries.put(key, entry);
            if (!source.fetchTimeout().isZero()) {
                wanted.waitWith(parts.timers().after(source.fetchTimeout(), wanted::timedOut));
            }
            wanted.add(receiver);
            entry.feed.add(wanted);
            tellLater(entry.feed);
        } else {
            entry.wanted.add(receiver);
        }
        return new Subscription(key, entry.wanted, receiver);
    }

    private Feed feed(ResourceSource.Way way, Wanted wanted) throws SourceException {
        if (way instanceof ResourceSource.Aggregated) {
            return shared();
        }
        if (way instanceof ResourceSource.Streamed streamed) {
            return new PlaneStream(streamed.plane(), wanted.type(), parts.opener(), parts.timers(), parts.node(), null);
        }
        if (way instanceof ResourceSource.Polled polled) {
            return new Poll(polled, parts.questions(), parts.files(), parts.timers(), parts.node());
        }
        return new FileFeed((ResourceSource.InFile) way, wanted.type(), parts.files(), parts.timers());
    }

    private Feed shared() throws SourceException {
        if (shared == null) {
            if (aggregated.isEmpty()) {
                throw new SourceException("ads is named, and dynamic_resources has no ads_config");
            }
            shared = new PlaneStream(
                    aggregated.get(),
                    null,
                    parts.opener(),
                    parts.timers(),
                    parts.node(),
                    parts.names().plane());
        }
        return shared;
    }

    private void tellLater(Feed feed) {
        if (untold.isEmpty()) {
            parts.timers().next(this::tell);
        }
        untold.add(feed);
    }

    private void tell() {
        Set<Feed> feeds = Set.copyOf(untold);
        untold.clear();
        feeds.forEach(Feed::flush);
    }

    private void drop(Key key, Receiver receiver) {
        Entry entry = entries.get(key);
        if (entry == null || !entry.wanted.remove(receiver)) {
            return;
        }
        entries.remove(key);
        entry.wanted.close();
        parts.names().release(key.type, entry.wanted.stats());
        entry.feed.remove(entry.wanted);
        if (entry.feed == shared) {
            tellLater(entry.feed);
        } else {
            entry.feed.close();
        }
    }

    /** Something was put in force that what was refused may depend on. */
    public void advance() {
        epoch.advance();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            entries.values().forEach(entry -> entry.feed.close());
            entries.clear();
            if (shared != null) {
                shared.close();
            }
        }
    }
}
