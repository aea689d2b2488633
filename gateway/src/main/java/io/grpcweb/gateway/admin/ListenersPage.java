package io.grpcweb.gateway.admin;

import io.grpcweb.gateway.admin.Snapshots.ListenerStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /listeners}: names and addresses. */
final class ListenersPage implements Page {
    private final Snapshots snapshots;

    ListenersPage(Snapshots snapshots) {
        this.snapshots = snapshots;
    }

    @Override
    public AdminResponse answer(AdminRequest request) {
        List<ListenerStatus> listeners = snapshots.listeners();
        if ("json".equals(request.value("format"))) {
            return AdminResponse.json(Json.pretty(Map.of(
                    "listener_statuses",
                    listeners.stream().map(ListenersPage::json).toList())));
        }
        StringBuilder out = new StringBuilder();
        for (ListenerStatus listener : listeners) {
            out.append(listener.name()).append("::").append(Addresses.text(listener.address()));
            out.append('\n');
        }
        return AdminResponse.text(out.toString());
    }

    private static Map<String, Object> json(ListenerStatus listener) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("name", listener.name());
        out.put("local_address", Addresses.json(listener.address()));
        return out;
    }
}
