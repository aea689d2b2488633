package io.grpcweb.gateway.dynamic;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.Resource;
import io.grpcweb.gateway.source.xds.Receiver;
import io.grpcweb.gateway.source.xds.SourceException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listeners that come from elsewhere, and those of the configuration that need something from elsewhere. */
final class DynamicListeners implements Receiver {
    private static final Logger LOG = LoggerFactory.getLogger(DynamicListeners.class);

    private final Parts parts;
    private final ListenerSet listeners;
    private final Runnable changed;
    private final Map<String, ListenerForm> active = new LinkedHashMap<>();
    private final Map<String, ListenerForm> warming = new ConcurrentHashMap<>();
    private final Map<String, ListenerForm> draining = new LinkedHashMap<>();
    private final Map<String, Refused> refused = new LinkedHashMap<>();
    private String version = "";
    private boolean settled;
    private boolean open;

    /** @param changed runs when one is warm, and when the first answer was dealt with */
    DynamicListeners(Parts parts, ListenerSet listeners, Runnable changed) {
        this.parts = parts;
        this.listeners = listeners;
        this.changed = changed;
    }

    /** A listener of the configuration that needs something from elsewhere. */
    void addConfigured(ListenerConfig config) throws SourceException, IOException {
        begin(config.name(), null, config);
    }

    @Override
    public Map<String, String> changed(List<Resource> resources, Set<String> removed, String newVersion) {
        removed.forEach(this::remove);
        Map<String, String> problems = new HashMap<>();
        Map<String, ListenerConfig> read = read(resources, problems);
        refuseTaken(read, resources, problems);
        int taken = 0;
        // Those that give up an address first.
        List<Resource> ordered = new ArrayList<>(resources);
        ordered.sort((one, other) -> Boolean.compare(isNew(one), isNew(other)));
        for (Resource resource : ordered) {
            ListenerConfig config = read.get(resource.name());
            if (config == null || problems.containsKey(resource.name())) {
                continue;
            }
            if (listeners.configured().containsKey(config.name())) {
                LOG.info("lds: listener '{}' stands in the configuration, and that counts", config.name());
                continue;
            }
            try {
                begin(resource.name(), resource, config);
                refused.remove(resource.name());
                taken++;
                LOG.info("lds: add/update listener '{}'", resource.name());
            } catch (SourceException | IOException e) {
                problems.put(resource.name(), e.getMessage());
            }
        }
        for (Resource resource : resources) {
            String why = problems.get(resource.name());
            if (why != null) {
                LOG.warn("lds: listener '{}' config rejected: {}", resource.name(), why);
                refused.put(resource.name(), new Refused(resource, why, Instant.now()));
            }
        }
        if (taken > 0 || !removed.isEmpty()) {
            version = newVersion;
        }
        return problems;
    }

    private boolean isNew(Resource resource) {
        return !active.containsKey(resource.name());
    }

    private Map<String, ListenerConfig> read(List<Resource> resources, Map<String, String> problems) {
        Map<String, ListenerConfig> read = new LinkedHashMap<>();
        for (Resource resource : resources) {
            try {
                read.put(resource.name(), parts.reader.listener(resource, parts.clusters.names()::contains));
            } catch (ConfigException e) {
                problems.put(resource.name(), Reasons.of(e));
            }
        }
        return read;
    }

    /** An address belongs to one listener; what is given up by a change of the same answer is free. */
    private void refuseTaken(Map<String, ListenerConfig> read, List<Resource> resources, Map<String, String> problems) {
        Map<Endpoint, String> owners = new HashMap<>();
        listeners.configured().forEach((name, address) -> owners.put(address, name));
        addresses().forEach((name, address) -> {
            if (!read.containsKey(name)) {
                owners.put(address, name);
            }
        });
        for (Resource resource : resources) {
            ListenerConfig config = read.get(resource.name());
            if (config == null
                    || (!config.address().isPipe() && config.address().port() == 0)) {
                continue;
            }
            String owner = owners.putIfAbsent(config.address(), config.name());
            if (owner != null && !owner.equals(config.name())) {
                problems.put(
                        resource.name(),
                        "error adding listener: '" + config.name() + "' has duplicate address '" + config.address()
                                + "' as existing listener '" + owner + "': no other listener may have it");
            }
        }
    }

    private Map<String, Endpoint> addresses() {
        Map<String, Endpoint> all = new HashMap<>();
        active.forEach((name, form) -> all.put(name, form.config().address()));
        warming.forEach((name, form) -> all.put(name, form.config().address()));
        return all;
    }

    private void begin(String name, Resource resource, ListenerConfig config) throws SourceException, IOException {
        if (addresses().values().stream().noneMatch(config.address()::equals)) {
            // It may be long until it opens, and then nobody waits for the outcome any more.
            listeners.requireFree(config);
        }
        ListenerForm[] self = new ListenerForm[1];
        self[0] = new ListenerForm(parts, listeners, resource, config, () -> look(name, self[0]));
        ListenerForm before = warming.put(name, self[0]);
        if (before != null) {
            before.close();
        }
        advance(name, self[0]);
    }

    /** Something has come that a form needs. */
    private void look(String name, ListenerForm form) {
        if (form == null) {
            return;
        }
        try {
            if (active.get(name) == form) {
                reroute(name, form);
            } else if (warming.get(name) == form) {
                advance(name, form);
            }
        } catch (IOException e) {
            // Nobody waits for the outcome any more: the answer that it came with was taken long ago.
            LOG.error("lds: listener '{}' cannot be put in force: {}", name, e.getMessage());
            refused.put(name, new Refused(form.resource(), e.getMessage(), Instant.now()));
        }
        changed.run();
    }

    private void reroute(String name, ListenerForm form) throws IOException {
        ListenerForm next = warming.get(name);
        if (next != null) {
            next.unprepare();
        }
        listeners.reroute(form.effective());
        if (next != null) {
            advance(name, next);
        }
    }

    private void advance(String name, ListenerForm form) throws IOException {
        if (!form.isComplete()) {
            return;
        }
        try {
            form.prepare();
            if (open && form.isReady()) {
                form.put();
                warming.remove(name);
                ListenerForm before = active.put(name, form);
                if (before != null) {
                    closeAfterDrain(before);
                }
            }
        } catch (IOException e) {
            warming.remove(name);
            form.close();
            throw e;
        }
    }

    /** Its connections drain with what they had. */
    private void closeAfterDrain(ListenerForm form) {
        parts.timers.after(listeners.drainTime(), form::close);
    }

    /** The gateway goes live: what is warm opens, and what becomes warm later opens then. */
    void open() {
        open = true;
        Map.copyOf(warming).forEach(this::look);
    }

    private void remove(String name) {
        refused.remove(name);
        ListenerForm unfinished = warming.remove(name);
        if (unfinished != null) {
            unfinished.close();
        }
        ListenerForm gone = active.remove(name);
        if (gone != null) {
            LOG.info("lds: remove listener '{}'", name);
            listeners.remove(name);
            closeAfterDrain(gone);
            if (gone.resource() != null) {
                draining.put(name, gone);
            }
        }
    }

    @Override
    public void settled() {
        settled = true;
        changed.run();
    }

    boolean isSettled() {
        return settled;
    }

    /** Whether all that is known may open. */
    boolean areWarm() {
        return warming.values().stream().allMatch(ListenerForm::isReady);
    }

    String version() {
        return version;
    }

    /** Those from elsewhere that are in force. */
    List<ListenerForm> active() {
        return active.values().stream().filter(form -> form.resource() != null).toList();
    }

    List<ListenerForm> warming() {
        return List.copyOf(warming.values());
    }

    /** Those that are gone and still have connections. */
    List<ListenerForm> draining() {
        draining.keySet().retainAll(listeners.draining());
        return List.copyOf(draining.values());
    }

    /** Any thread. */
    int warmingCount() {
        return warming.size();
    }

    Map<String, Refused> refused() {
        return refused;
    }
}
