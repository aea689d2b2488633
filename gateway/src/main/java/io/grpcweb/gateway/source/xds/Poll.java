package io.grpcweb.gateway.source.xds;

import io.grpcweb.gateway.config.ResourceSource;
import io.grpcweb.gateway.source.xds.proto.Node;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a control plane over HTTP again and again for what one subscription wants. That something is refused is only told by
 * asking with the version before. On the loop.
 */
final class Poll implements Feed {
    private static final Logger LOG = LoggerFactory.getLogger(Poll.class);
    private static final int OK = 200;
    private static final int NOT_MODIFIED = 304;

    private final ResourceSource.Polled source;
    private final Questions questions;
    private final ResourceFiles reader;
    private final Timers timers;
    private final Node node;
    private final Complaints complaints;
    private Wanted wanted;
    private Timers.Waiting next;
    private String version = "";
    private boolean asking;
    private boolean closed;

    Poll(ResourceSource.Polled source, Questions questions, ResourceFiles reader, Timers timers, Node node) {
        this.source = source;
        this.questions = questions;
        this.reader = reader;
        this.timers = timers;
        this.node = node;
        this.complaints = new Complaints(timers);
    }

    @Override
    public void add(Wanted one) {
        wanted = one;
    }

    @Override
    public void remove(Wanted one) {
        wanted = null;
    }

    @Override
    public void flush() {
        if (!asking) {
            asking = true;
            ask();
        }
    }

    private void ask() {
        Wanted one = wanted;
        if (closed || one == null) {
            return;
        }
        one.stats().updateAttempt.increment();
        String path = "/v3/discovery:" + one.type().path();
        questions.ask(source, path, JsonRequest.of(node, one.type(), one.name(), version), new Questions.Asker() {
            @Override
            public void answered(int status, byte[] body) {
                if (closed) {
                    return;
                }
                if (status == OK) {
                    taken(path, body);
                } else if (status != NOT_MODIFIED) {
                    failed("HTTP status " + status);
                    return;
                }
                again();
            }

            @Override
            public void failed(String reason) {
                if (closed) {
                    return;
                }
                one.stats().updateFailure.increment();
                complaints.say("REST config update of {} from {} failed: {}", path, source.cluster(), reason);
                again();
            }
        });
    }

    private void taken(String path, byte[] body) {
        Wanted one = wanted;
        if (one == null) {
            return;
        }
        ResourceFiles.Text text;
        try {
            text = reader.read(path, body, one.type());
        } catch (SourceException e) {
            one.stats().updateFailure.increment();
            complaints.say("REST config update of {} from {} failed: {}", path, source.cluster(), e.getMessage());
            return;
        }
        complaints.over();
        Deliveries.Result result = Deliveries.deliver(
                Map.of(one.name(), one), new Delivery(text.version(), text.resources(), Set.of(), true), timers);
        if (result.problems().isEmpty()) {
            version = text.version();
        } else if (!result.known()) {
            LOG.warn(
                    "REST config for {} rejected: {}",
                    path,
                    Refusals.text(one.type(), result.problems()).strip());
        }
    }

    /** A tenth more or less, so that a fleet does not ask in step. */
    private void again() {
        long nanos = source.refresh().toNanos();
        long jitter = nanos < 10 ? 0 : ThreadLocalRandom.current().nextLong(nanos / 10);
        next = timers.after(source.refresh().plusNanos(jitter), this::ask);
    }

    @Override
    public void close() {
        closed = true;
        if (next != null) {
            next.cancel();
        }
    }
}
