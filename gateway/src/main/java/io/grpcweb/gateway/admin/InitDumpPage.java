package io.grpcweb.gateway.admin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /init_dump}: what the start waits for, by listener, in the form of Envoy's {@code UnreadyTargetsDumps}. */
final class InitDumpPage implements Page {
    private final Snapshots snapshots;

    InitDumpPage(Snapshots snapshots) {
        this.snapshots = snapshots;
    }

    @Override
    public AdminResponse answer(AdminRequest request) {
        List<Map<String, Object>> dumps = new ArrayList<>();
        snapshots.dynamic().waiting().forEach((listener, targets) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", "init manager Listener-local-init-manager " + listener);
            one.put("target_names", targets);
            dumps.add(one);
        });
        return AdminResponse.json(dumps.isEmpty() ? "{}\n" : Json.pretty(Map.of("unready_targets_dumps", dumps)));
    }
}
