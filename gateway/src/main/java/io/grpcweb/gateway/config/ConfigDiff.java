package io.grpcweb.gateway.config;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What another configuration would add, change and remove. It walks the records of both and names the innermost settings that
 * differ by their path, without their values, since these may be secrets.
 */
public final class ConfigDiff {
    private final List<Change> changes = new ArrayList<>();

    private ConfigDiff() {}

    /** What becomes of a part. */
    public enum Kind {
        ADDED("+"),
        CHANGED("~"),
        REMOVED("-");

        private final String sign;

        Kind(String sign) {
            this.sign = sign;
        }
    }

    /**
     * One difference.
     *
     * @param path such as {@code clusters.backend.connect-timeout}
     */
    public record Change(Kind kind, String path) {
        @Override
        public String toString() {
            return kind.sign + " " + path;
        }
    }

    /** The differences in the order of the records; empty where a reload would change nothing. */
    public static List<Change> of(GatewayConfig before, GatewayConfig after) {
        ConfigDiff diff = new ConfigDiff();
        diff.lists("listeners", before.listeners(), after.listeners());
        diff.lists("clusters", before.clusters(), after.clusters());
        diff.values("admin", before.admin(), after.admin());
        diff.values("error-format", before.errorFormat(), after.errorFormat());
        diff.values("drain", before.drain(), after.drain());
        diff.values("node", before.node(), after.node());
        diff.values(
                "control-plane", before.dynamic().aggregated(), after.dynamic().aggregated());
        return List.copyOf(diff.changes);
    }

    private void values(String path, Object before, Object after) {
        if (Objects.equals(before, after)) {
            return;
        }
        if (before instanceof Optional<?> one && after instanceof Optional<?> other) {
            if (one.isPresent() && other.isPresent()) {
                values(path, one.get(), other.get());
            } else {
                changes.add(new Change(one.isPresent() ? Kind.REMOVED : Kind.ADDED, path));
            }
        } else if (before instanceof List<?> one && after instanceof List<?> other) {
            lists(path, one, other);
        } else if (before instanceof ListenerConfig.Http one && after instanceof ListenerConfig.Http other) {
            values(path, one.config(), other.config());
            values(path + ".route-source", one.routes(), other.routes());
        } else if (before instanceof Record && after.getClass() == before.getClass()) {
            for (RecordComponent part : before.getClass().getRecordComponents()) {
                Object old = value(part, before);
                values(path + "." + key(part, old), old, value(part, after));
            }
        } else {
            changes.add(new Change(Kind.CHANGED, path));
        }
    }

    /** Items that have names are told apart by them, others by their places. */
    private void lists(String path, List<?> before, List<?> after) {
        Map<String, Object> old = keyed(before);
        Map<String, Object> next = keyed(after);
        old.forEach((key, item) -> {
            if (!next.containsKey(key)) {
                changes.add(new Change(Kind.REMOVED, path + key));
            } else {
                values(path + key, item, next.get(key));
            }
        });
        next.keySet().stream()
                .filter(key -> !old.containsKey(key))
                .forEach(key -> changes.add(new Change(Kind.ADDED, path + key)));
    }

    private static Map<String, Object> keyed(List<?> items) {
        Map<String, Object> keyed = new LinkedHashMap<>();
        for (int i = 0; i < items.size(); i++) {
            String name = name(items.get(i));
            String key = name.isEmpty() ? "[" + i + "]" : "." + name;
            keyed.put(keyed.containsKey(key) ? key + "[" + i + "]" : key, items.get(i));
        }
        return keyed;
    }

    private static String name(Object item) {
        if (item instanceof Record) {
            for (RecordComponent part : item.getClass().getRecordComponents()) {
                if (part.getName().equals("name") && part.getType() == String.class) {
                    return (String) value(part, item);
                }
            }
        }
        return "";
    }

    private static Object value(RecordComponent part, Object record) {
        try {
            part.getAccessor().setAccessible(true);
            return part.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As the keys of the gateway's own format are written. */
    private static String key(RecordComponent part, Object value) {
        if (value instanceof ListenerConfig.Service) {
            return value instanceof ListenerConfig.Http ? "http" : "tcp";
        }
        return part.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
