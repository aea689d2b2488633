package io.grpcweb.gateway.source.xds;

import io.grpcweb.gateway.config.ResourceSource;
import io.grpcweb.gateway.config.ResourceType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads resources from a file, and again when another file is moved onto its path; a file that is written in place is not looked
 * at, since it may be half written. With a watched folder, anything that is moved into that counts instead. On the loop.
 */
final class FileFeed implements Feed {
    private static final Logger LOG = LoggerFactory.getLogger(FileFeed.class);
    private static final Duration PERIOD = Duration.ofMillis(200);

    private final ResourceSource.InFile source;
    private final ResourceType type;
    private final ResourceFiles reader;
    private final Timers timers;
    private final Path path;
    private Wanted wanted;
    private Timers.Waiting next;
    private Map<String, Placed> seen = Map.of();
    private boolean first = true;

    /** @throws SourceException when the file is not there */
    FileFeed(ResourceSource.InFile source, ResourceType type, ResourceFiles reader, Timers timers)
            throws SourceException {
        this.source = source;
        this.type = type;
        this.reader = reader;
        this.timers = timers;
        try {
            this.path = Path.of(source.path());
        } catch (InvalidPathException e) {
            throw new SourceException("the path '" + source.path() + "' is none: " + e.getMessage());
        }
        if (!Files.exists(path)) {
            throw new SourceException(
                    "paths must refer to an existing path in the system: '" + source.path() + "' does not exist");
        }
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
        if (first) {
            first = false;
            look();
        }
    }

    private void look() {
        Map<String, Placed> now = state();
        boolean moved = now.entrySet().stream().anyMatch(one -> one.getValue().isNewAfter(seen.get(one.getKey())));
        boolean there = now.containsKey("");
        seen = now;
        if (moved && there) {
            read();
        }
        next = timers.after(PERIOD, this::look);
    }

    private void read() {
        Wanted one = wanted;
        if (one == null) {
            return;
        }
        one.stats().updateAttempt.increment();
        ResourceFiles.Text text;
        try {
            text = reader.read(source.path(), Files.readAllBytes(path), type);
        } catch (SourceException | IOException e) {
            one.stats().updateFailure.increment();
            LOG.warn("Filesystem config update failure: {}", e.getMessage());
            return;
        }
        if (!type.isAll() && text.resources().size() != 1) {
            one.stats().updateFailure.increment();
            one.failed();
            LOG.warn(
                    "Filesystem config update failure: {}: {} resources, and exactly one is expected",
                    path,
                    text.resources().size());
            return;
        }
        Deliveries.Result result = Deliveries.deliver(
                Map.of(one.name(), one), new Delivery(text.version(), text.resources(), Set.of(), true), timers);
        if (!result.problems().isEmpty()) {
            LOG.warn(
                    "Filesystem config for {} rejected: {}",
                    path,
                    Refusals.text(type, result.problems()).strip());
        }
    }

    /** What is at the path, under an empty name, and in the watched folder; what is missing is left out. */
    private Map<String, Placed> state() {
        Map<String, Placed> found = new HashMap<>();
        Placed.at(path).ifPresent(one -> found.put("", one));
        if (source.watchedDirectory().isPresent()) {
            Path folder = Path.of(source.watchedDirectory().get());
            try (Stream<Path> files = Files.list(folder)) {
                files.forEach(file -> Placed.at(file)
                        .ifPresent(one -> found.put(file.getFileName().toString(), one)));
            } catch (IOException e) {
                LOG.debug("{} cannot be listed", folder, e);
            }
        }
        return found;
    }

    @Override
    public void close() {
        if (next != null) {
            next.cancel();
        }
    }
}
