package io.grpcweb.gateway.dynamic;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Resource;
import io.grpcweb.gateway.source.xds.Receiver;
import io.grpcweb.gateway.source.xds.SourceException;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The clusters that come from elsewhere, and those of the configuration that need something from elsewhere. */
final class DynamicClusters implements Receiver {
    private static final Logger LOG = LoggerFactory.getLogger(DynamicClusters.class);

    private final Parts parts;
    private final Set<String> configured;
    private final Runnable changed;
    private final Map<String, ClusterForm> active = new LinkedHashMap<>();
    private final Map<String, ClusterForm> warming = new LinkedHashMap<>();
    private final Map<String, Refused> refused = new LinkedHashMap<>();
    private String version = "";
    private boolean settled;

    /**
     * None yet.
     *
     * @param configured the names of the clusters of the configuration, which win
     * @param changed runs when clusters have come into force or are gone, and when the first answer was dealt with
     */
    DynamicClusters(Parts parts, Set<String> configured, Runnable changed) {
        this.parts = parts;
        this.configured = configured;
        this.changed = changed;
    }

    /** A cluster of the configuration that needs something from elsewhere. */
    void addConfigured(ClusterConfig config) throws IOException, SourceException {
        begin(config.name(), null, config);
    }

    @Override
    public Map<String, String> changed(List<Resource> resources, Set<String> removed, String newVersion) {
        LOG.info(
                "cds: response indicates {} added/updated cluster(s), {} removed cluster(s); applying changes",
                resources.size(),
                removed.size());
        long gone = removed.stream().filter(this::remove).count();
        Map<String, String> problems = new HashMap<>();
        int added = 0;
        for (Resource resource : resources) {
            if (configured.contains(resource.name())) {
                LOG.info("cds: cluster '{}' stands in the configuration, and that counts", resource.name());
                continue;
            }
            try {
                begin(resource.name(), resource, parts.reader.cluster(resource));
                refused.remove(resource.name());
                added++;
            } catch (ConfigException e) {
                refuse(resource, Reasons.of(e), problems);
            } catch (IOException | SourceException e) {
                refuse(resource, e.getMessage(), problems);
            }
        }
        if (added > 0 || gone > 0) {
            version = newVersion;
        }
        LOG.info("cds: added/updated {} cluster(s); removed {} cluster(s)", added, gone);
        return problems;
    }

    private void refuse(Resource resource, String why, Map<String, String> problems) {
        LOG.warn("cds: cluster '{}' config rejected: {}", resource.name(), why);
        refused.put(resource.name(), new Refused(resource, why, Instant.now()));
        problems.put(resource.name(), why);
    }

    private void begin(String name, Resource resource, ClusterConfig config) throws IOException, SourceException {
        ClusterForm[] self = new ClusterForm[1];
        self[0] = new ClusterForm(parts, resource, config, () -> takeName(name, self[0]));
        ClusterForm before = warming.put(name, self[0]);
        if (before != null) {
            before.abandon();
        }
    }

    private void takeName(String name, ClusterForm form) {
        warming.remove(name);
        form.commit();
        ClusterForm before = active.put(name, form);
        if (before != null) {
            before.close();
        }
        parts.sources.advance();
        changed.run();
    }

    /** Whether it was there. */
    private boolean remove(String name) {
        refused.remove(name);
        ClusterForm unfinished = warming.remove(name);
        if (unfinished != null) {
            unfinished.abandon();
        }
        ClusterForm gone = active.remove(name);
        if (gone != null) {
            parts.clusters.remove(name);
            gone.close();
            LOG.info("cds: remove cluster '{}'", name);
        }
        changed.run();
        return gone != null || unfinished != null;
    }

    @Override
    public void settled() {
        settled = true;
        changed.run();
    }

    /** Whether the first answer was dealt with. */
    boolean isSettled() {
        return settled;
    }

    boolean areWarm() {
        return warming.isEmpty();
    }

    /** Of the last answer that changed something. */
    String version() {
        return version;
    }

    /** Those from elsewhere that are in force. */
    List<ClusterForm> active() {
        return active.values().stream().filter(form -> form.resource() != null).toList();
    }

    /** Those from elsewhere that warm. */
    List<ClusterForm> warming() {
        return warming.values().stream().filter(form -> form.resource() != null).toList();
    }

    Map<String, Refused> refused() {
        return refused;
    }
}
