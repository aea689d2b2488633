package io.grpcweb.gateway.dynamic;

import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.Resource;
import io.grpcweb.gateway.config.ResourceReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What has come from elsewhere, for the pages.
 *
 * @param clustersVersion of the last answer that changed clusters
 * @param listenersVersion the same of listeners
 * @param waiting what is waited for at the start, by listener; empty when it is live
 * @param opening the addresses of the listeners that open when it goes live, by name
 */
public record DynamicSnapshot(
        String clustersVersion,
        String listenersVersion,
        List<Item> clusters,
        List<Item> listeners,
        List<Item> routes,
        List<Item> endpoints,
        List<Item> secrets,
        Map<String, List<String>> waiting,
        Map<String, Endpoint> opening) {

    /** Nothing comes from elsewhere. */
    public static final DynamicSnapshot NONE =
            new DynamicSnapshot("", "", List.of(), List.of(), List.of(), List.of(), List.of(), Map.of(), Map.of());

    /**
     * A resource, in the states that it has: any of them may be null.
     *
     * @param active the form that is in force
     * @param warming the form that is waiting for what it needs
     * @param draining the form that is gone and still has connections
     * @param refused the last form that was refused
     */
    public record Item(String name, Form active, Form warming, Form draining, Failure refused) {}

    /**
     * One form of a resource.
     *
     * @param document protobuf's JSON without secrets
     * @param since when it came
     */
    public record Form(String version, Map<String, Object> document, Instant since) {}

    /** Why a form was refused. */
    public record Failure(Form form, String why) {}

    static DynamicSnapshot of(Parts parts, DynamicClusters clusters, DynamicListeners listeners, Phase phase) {
        ResourceReader reader = parts.reader;
        Map<String, List<String>> waiting = new LinkedHashMap<>();
        Map<String, Endpoint> opening = new LinkedHashMap<>();
        if (phase != Phase.LIVE) {
            listeners.warming().forEach(form -> {
                opening.put(form.config().name(), form.config().address());
                if (!form.isReady()) {
                    waiting.put(form.config().name(), form.waiting());
                }
            });
        }
        Map<String, Form> active = new LinkedHashMap<>();
        Map<String, Form> warming = new LinkedHashMap<>();
        clusters.active()
                .forEach(form -> active.put(form.config().name(), form(reader, form.resource(), form.since())));
        clusters.warming()
                .forEach(form -> warming.put(form.config().name(), form(reader, form.resource(), form.since())));
        List<Item> clusterItems = items(active, warming, Map.of(), failures(reader, clusters.refused()));
        active.clear();
        warming.clear();
        listeners
                .active()
                .forEach(form -> active.put(form.config().name(), form(reader, form.resource(), form.since())));
        listeners.warming().stream()
                .filter(form -> form.resource() != null)
                .forEach(form -> warming.put(form.config().name(), form(reader, form.resource(), form.since())));
        Map<String, Form> draining = new LinkedHashMap<>();
        listeners
                .draining()
                .forEach(form -> draining.put(form.config().name(), form(reader, form.resource(), form.since())));
        List<Item> listenerItems = items(active, warming, draining, failures(reader, listeners.refused()));
        return new DynamicSnapshot(
                clusters.version(),
                listeners.version(),
                clusterItems,
                listenerItems,
                used(reader, parts.routes.all()),
                used(reader, parts.endpoints.all()),
                used(reader, parts.secrets.all()),
                waiting,
                opening);
    }

    private static List<Item> items(
            Map<String, Form> active,
            Map<String, Form> warming,
            Map<String, Form> draining,
            Map<String, Failure> refused) {
        Set<String> names = new LinkedHashSet<>(active.keySet());
        names.addAll(warming.keySet());
        names.addAll(draining.keySet());
        names.addAll(refused.keySet());
        List<Item> items = new ArrayList<>();
        names.forEach(name ->
                items.add(new Item(name, active.get(name), warming.get(name), draining.get(name), refused.get(name))));
        return items;
    }

    private static List<Item> used(ResourceReader reader, List<Uses.Seen> seen) {
        List<Item> items = new ArrayList<>();
        for (Uses.Seen one : seen) {
            Form form = one.resource() == null ? null : form(reader, one.resource(), one.since());
            items.add(new Item(one.name(), form, null, null, failure(reader, one.refused())));
        }
        return items;
    }

    private static Map<String, Failure> failures(ResourceReader reader, Map<String, Refused> refused) {
        Map<String, Failure> found = new LinkedHashMap<>();
        refused.forEach((name, one) -> found.put(name, failure(reader, one)));
        return found;
    }

    private static Failure failure(ResourceReader reader, Refused refused) {
        return refused == null || refused.resource() == null
                ? null
                : new Failure(form(reader, refused.resource(), refused.when()), refused.why());
    }

    private static Form form(ResourceReader reader, Resource resource, Instant since) {
        return new Form(resource.version(), reader.document(resource), since);
    }
}
