package io.grpcweb.gateway.admin;

import java.util.LinkedHashMap;
import java.util.Map;

/** {@code /memory}: what the process has taken; texts, as Envoy writes 64-bit numbers. */
final class MemoryPage implements Page {
    @Override
    public AdminResponse answer(AdminRequest request) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("allocated", Long.toString(ServerGauges.allocated()));
        out.put("heap_size", Long.toString(ServerGauges.reserved()));
        out.put("pageheap_unmapped", "0");
        out.put("pageheap_free", Long.toString(ServerGauges.reserved() - ServerGauges.allocated()));
        out.put("total_thread_cache", "0");
        out.put("total_physical_bytes", Long.toString(ServerGauges.reserved()));
        return AdminResponse.json(Json.pretty(out));
    }
}
