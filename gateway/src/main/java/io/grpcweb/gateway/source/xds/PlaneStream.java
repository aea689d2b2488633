package io.grpcweb.gateway.source.xds;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.grpcweb.gateway.config.ControlPlane;
import io.grpcweb.gateway.config.ResourceType;
import io.grpcweb.gateway.source.xds.proto.Node;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream to a control plane that is opened again whenever it ends: for all kinds of resources, or for what one subscription
 * wants. What an answer makes necessary is asked for before the answer is acknowledged. On the loop.
 */
final class PlaneStream implements Feed, StreamOpener.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(PlaneStream.class);

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** Between refusals of the same thing: some control planes send it again at once. */
    private static final Duration SHORTEST_CALM = Duration.ofMillis(400);

    private static final Duration LONGEST_CALM = Duration.ofSeconds(5);

    /** How long a control plane may take until it is reached: one that never says a word is tried again. */
    private static final Duration REACH_LIMIT = Duration.ofSeconds(30);

    private final ControlPlane plane;
    private final String method;
    private final StreamOpener opener;
    private final Timers timers;
    private final Node node;
    private final PlaneStats stats;
    private final Complaints complaints;
    private final Map<ResourceType, Talk> talks = new EnumMap<>(ResourceType.class);
    private final Map<ResourceType, Map<String, Wanted>> wanted = new EnumMap<>(ResourceType.class);
    private final Map<ResourceType, Backoff> calm = new EnumMap<>(ResourceType.class);
    private final Map<ResourceType, Timers.Waiting> held = new EnumMap<>(ResourceType.class);
    private final Backoff pauses = new Backoff(SHORTEST_PAUSE, LONGEST_PAUSE, PlaneStream::random);
    private StreamOpener.Stream stream;
    private Timers.Waiting waiting;
    private boolean named;
    private boolean closed;

    /**
     * Nothing is opened before something is wanted.
     *
     * @param only the kind of resources, or null for all
     * @param stats of the stream that is shared, else null
     */
    PlaneStream(
            ControlPlane plane, ResourceType only, StreamOpener opener, Timers timers, Node node, PlaneStats stats) {
        this.plane = plane;
        this.method = method(plane.delta(), only);
        this.opener = opener;
        this.timers = timers;
        this.node = node;
        this.stats = stats;
        this.complaints = new Complaints(timers);
    }

    private static long random(long bound) {
        return ThreadLocalRandom.current().nextLong(bound);
    }

    private static String method(boolean delta, ResourceType only) {
        String kind = delta ? "Delta" : "Stream";
        if (only == null) {
            return "envoy.service.discovery.v3.AggregatedDiscoveryService/" + kind + "AggregatedResources";
        }
        return "envoy.service." + only.service().toLowerCase(Locale.ROOT) + ".v3." + only.service()
                + "DiscoveryService/" + kind + only.service() + "s";
    }

    @Override
    public void add(Wanted one) {
        wanted.computeIfAbsent(one.type(), type -> new LinkedHashMap<>()).put(one.name(), one);
        talks.computeIfAbsent(one.type(), type -> plane.delta() ? new DeltaTalk(type) : new WorldTalk(type))
                .want(one.name());
        if (stream == null && waiting == null && !closed) {
            connect();
        }
    }

    @Override
    public void remove(Wanted one) {
        wanted.getOrDefault(one.type(), Map.of()).remove(one.name());
        talks.get(one.type()).forget(one.name());
    }

    private void connect() {
        waiting = timers.after(REACH_LIMIT, this::notReached);
        stream = opener.open(plane, method, this);
        named = false;
        talks.values().forEach(Talk::opened);
    }

    private void notReached() {
        stream.cancel();
        closed(14, "not reached within " + REACH_LIMIT.toSeconds() + " s");
    }

    @Override
    public void reached() {
        waiting.cancel();
        waiting = null;
        connected(1);
    }

    private void connected(long state) {
        if (stats != null) {
            stats.connectedState.set(state);
        }
    }

    @Override
    public void flush() {
        if (stream != null) {
            talks.values().forEach(this::say);
        }
    }

    private void say(Talk talk) {
        MessageLite message = talk.next(named && plane.nodeOnce() ? null : node);
        if (message != null) {
            named = true;
            release(talk.type());
            wanted.getOrDefault(talk.type(), Map.of())
                    .values()
                    .forEach(one -> one.stats().updateAttempt.increment());
            stream.send(message.toByteArray());
        }
    }

    private void release(ResourceType type) {
        Timers.Waiting refusal = held.remove(type);
        if (refusal != null) {
            refusal.cancel();
        }
    }

    @Override
    public void received(byte[] message) {
        if (waiting != null) {
            reached();
        }
        pauses.reset();
        complaints.over();
        Answer answer;
        try {
            answer = plane.delta() ? Unpacking.delta(message) : Unpacking.world(message);
        } catch (InvalidProtocolBufferException e) {
            stream.cancel();
            closed(13, "a message that is none: " + e.getMessage());
            return;
        }
        if (stats != null && !answer.identifier().isEmpty()) {
            stats.identifier(answer.identifier());
        }
        Talk talk = ResourceType.of(answer.type()).map(talks::get).orElse(null);
        if (talk == null || !talk.isAsked()) {
            LOG.warn("{}: a response of the type {}, which was not asked for, is ignored", method, answer.type());
            return;
        }
        release(talk.type());
        talk.received(answer);
        deal(talk, answer);
    }

    private void deal(Talk talk, Answer answer) {
        Map<String, Wanted> here = Map.copyOf(wanted.getOrDefault(talk.type(), Map.of()));
        if (answer.problem() != null) {
            here.values().forEach(one -> one.stats().updateRejected.increment());
            here.values().forEach(Wanted::failed);
            refuse(talk, answer.problem(), false);
            return;
        }
        Deliveries.Result result = Deliveries.deliver(here, answer.delivery(), timers);
        // What it made necessary is asked for first.
        flush();
        if (result.problems().isEmpty()) {
            calm(talk.type()).reset();
            talk.taken(answer);
            flush();
        } else {
            refuse(talk, Refusals.text(talk.type(), result.problems()), result.known());
        }
    }

    private Backoff calm(ResourceType type) {
        return calm.computeIfAbsent(type, fresh -> new Backoff(SHORTEST_CALM, LONGEST_CALM, PlaneStream::random));
    }

    /** @param known whether the same was refused before: then a pause comes first */
    private void refuse(Talk talk, String why, boolean known) {
        if (known) {
            held.put(talk.type(), timers.after(calm(talk.type()).next(), () -> {
                held.remove(talk.type());
                talk.refused(why);
                flush();
            }));
        } else {
            calm(talk.type()).reset();
            LOG.warn("gRPC config for {} rejected: {}", talk.type().url(), why.strip());
            talk.refused(why);
        }
        flush();
    }

    @Override
    public void closed(int code, String message) {
        if (waiting != null) {
            waiting.cancel();
        }
        stream = null;
        held.values().forEach(Timers.Waiting::cancel);
        held.clear();
        connected(0);
        if (closed) {
            return;
        }
        complaints.say("{} gRPC config stream to {} closed: {}, {}", method, plane.cluster(), code, message);
        waiting = timers.after(pauses.next(), () -> {
            waiting = null;
            connect();
            flush();
        });
    }

    @Override
    public void close() {
        closed = true;
        if (waiting != null) {
            waiting.cancel();
        }
        held.values().forEach(Timers.Waiting::cancel);
        if (stream != null) {
            stream.cancel();
            stream = null;
        }
        connected(0);
    }
}
