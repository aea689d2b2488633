package io.grpcweb.gateway.admin;

import io.grpcweb.gateway.dynamic.DynamicSnapshot;
import io.grpcweb.gateway.dynamic.DynamicSnapshot.Failure;
import io.grpcweb.gateway.dynamic.DynamicSnapshot.Form;
import io.grpcweb.gateway.dynamic.DynamicSnapshot.Item;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What has come from elsewhere, in the form of Envoy's dump. As there, only listeners tell why another form of them was refused. */
final class DynamicDump {
    private static final String UNINITIALIZED = "uninitialized";

    private final DynamicSnapshot snapshot;
    private final NameFilter names;

    /** @param names null where every name is wanted */
    DynamicDump(DynamicSnapshot snapshot, NameFilter names) {
        this.snapshot = snapshot;
        this.names = names;
    }

    /** Of the last answer that changed something; empty where none did. */
    String clustersVersion() {
        return snapshot.clustersVersion();
    }

    String listenersVersion() {
        return snapshot.listenersVersion();
    }

    /** {@code dynamic_active_clusters}. */
    List<Map<String, Object>> activeClusters() {
        return states(snapshot.clusters(), Item::active, "cluster");
    }

    /** {@code dynamic_warming_clusters}. */
    List<Map<String, Object>> warmingClusters() {
        return states(snapshot.clusters(), Item::warming, "cluster");
    }

    /** {@code dynamic_route_configs}. */
    List<Map<String, Object>> routes() {
        return states(snapshot.routes(), Item::active, "route_config");
    }

    /** {@code dynamic_endpoint_configs}. */
    List<Map<String, Object>> endpoints() {
        return states(snapshot.endpoints(), Item::active, "endpoint_config");
    }

    /** {@code dynamic_listeners}. */
    List<Map<String, Object>> listeners() {
        List<Map<String, Object>> out = new ArrayList<>();
        for (Item item : wanted(snapshot.listeners())) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", item.name());
            put(one, "active_state", item.active(), "listener");
            put(one, "warming_state", item.warming(), "listener");
            put(one, "draining_state", item.draining(), "listener");
            error(one, item.refused());
            out.add(one);
        }
        return out;
    }

    /** The listeners that are in force. */
    List<Map<String, Object>> listenerDocuments() {
        return snapshot.listeners().stream()
                .filter(item -> item.active() != null)
                .map(item -> item.active().document())
                .toList();
    }

    /** {@code dynamic_active_secrets}. */
    List<Map<String, Object>> activeSecrets() {
        List<Map<String, Object>> out = new ArrayList<>();
        for (Item item : wanted(snapshot.secrets())) {
            if (item.active() != null) {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("name", item.name());
                one.putAll(state(item.active(), "secret"));
                out.add(one);
            }
        }
        return out;
    }

    /** {@code dynamic_warming_secrets}: those that are waited for. */
    List<Map<String, Object>> warmingSecrets() {
        List<Map<String, Object>> out = new ArrayList<>();
        for (Item item : wanted(snapshot.secrets())) {
            if (item.active() == null) {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("name", item.name());
                one.put("version_info", UNINITIALIZED);
                out.add(one);
            }
        }
        return out;
    }

    private List<Map<String, Object>> states(List<Item> items, Function<Item, Form> which, String field) {
        List<Map<String, Object>> out = new ArrayList<>();
        for (Item item : wanted(items)) {
            Form form = which.apply(item);
            if (form != null) {
                out.add(state(form, field));
            }
        }
        return out;
    }

    private List<Item> wanted(List<Item> items) {
        return names == null
                ? items
                : items.stream().filter(item -> names.matches(item.name())).toList();
    }

    private static void put(Map<String, Object> out, String state, Form form, String field) {
        if (form != null) {
            out.put(state, state(form, field));
        }
    }

    private static Map<String, Object> state(Form form, String field) {
        Map<String, Object> out = new LinkedHashMap<>();
        if (!form.version().isEmpty()) {
            out.put("version_info", form.version());
        }
        out.put(field, form.document());
        out.put("last_updated", time(form.since()));
        return out;
    }

    /** As Envoy's {@code UpdateFailureState}. */
    private static void error(Map<String, Object> out, Failure refused) {
        if (refused != null) {
            Map<String, Object> state = new LinkedHashMap<>();
            state.put("failed_configuration", refused.form().document());
            state.put("last_update_attempt", time(refused.form().since()));
            state.put("details", refused.why());
            out.put("error_state", state);
        }
    }

    private static String time(Instant instant) {
        return ConfigDump.time(instant);
    }
}
