package io.grpcweb.gateway.admin;

import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.TlsConfig;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Turns configuration records into maps and lists for a page. Text that a key or a password may stand in is not shown;
 * where a record is one of several kinds, the kind is named.
 */
final class ConfigTree {
    private ConfigTree() {}

    static Object of(Object value) {
        if (value == null || value instanceof Boolean || value instanceof Number || value instanceof String) {
            return value;
        }
        if (value instanceof Optional<?> optional) {
            return optional.map(ConfigTree::of).orElse(null);
        }
        if (value instanceof OptionalInt optional) {
            return optional.isPresent() ? optional.getAsInt() : null;
        }
        if (value instanceof OptionalLong optional) {
            return optional.isPresent() ? optional.getAsLong() : null;
        }
        if (value instanceof Duration duration) {
            return seconds(duration);
        }
        if (value instanceof Endpoint endpoint) {
            return address(endpoint);
        }
        if (value instanceof TlsConfig.Source.Inline) {
            return Map.of("inline_string", "[redacted]");
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> out = new LinkedHashMap<>();
            map.forEach((key, inner) -> out.put(key.toString(), of(inner)));
            return out;
        }
        if (value instanceof Iterable<?> list) {
            List<Object> out = new ArrayList<>();
            list.forEach(inner -> out.add(of(inner)));
            return out;
        }
        return value instanceof Record record ? fields(record) : value.toString();
    }

    private static Map<String, Object> fields(Record record) {
        Map<String, Object> out = new LinkedHashMap<>();
        Class<?>[] kinds = record.getClass().getInterfaces();
        if (kinds.length > 0) {
            out.put("kind", snake(record.getClass().getSimpleName()));
        }
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            Object inner;
            try {
                inner = of(component.getAccessor().invoke(record));
            } catch (ReflectiveOperationException e) {
                inner = "(" + e.getClass().getSimpleName() + ")";
            }
            if (inner != null && !(inner instanceof List<?> list && list.isEmpty())) {
                out.put(snake(component.getName()), inner);
            }
        }
        return out;
    }

    private static Map<String, Object> address(Endpoint endpoint) {
        if (endpoint.isPipe()) {
            return Map.of("pipe", Map.of("path", endpoint.host()));
        }
        if (endpoint.isSrv()) {
            return Map.of("srv", endpoint.host());
        }
        if (endpoint.isLocal()) {
            return Map.of("local", endpoint.host());
        }
        Map<String, Object> socket = new LinkedHashMap<>();
        socket.put("address", endpoint.host());
        socket.put("port_value", endpoint.port());
        return Map.of("socket_address", socket);
    }

    private static String seconds(Duration duration) {
        String text = java.math.BigDecimal.valueOf(duration.toNanos(), 9)
                .stripTrailingZeros()
                .toPlainString();
        return text + "s";
    }

    private static String snake(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }
}
