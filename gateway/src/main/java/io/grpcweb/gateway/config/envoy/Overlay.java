package io.grpcweb.gateway.config.envoy;

import java.util.ArrayList;
import java.util.List;

/** Puts {@code --config-yaml} over a file, as Envoy does: mappings are merged, lists grow, single values replace. */
final class Overlay {
    private Overlay() {}

    static Yaml.Mapping merge(Yaml.Mapping below, Yaml.Mapping above) {
        above.entries().forEach((key, entry) -> {
            Yaml old = below.get(key);
            Yaml value = entry.value();
            if (old instanceof Yaml.Mapping oldMapping && value instanceof Yaml.Mapping mapping) {
                merge(oldMapping, mapping);
            } else if (old instanceof Yaml.Sequence || (old != null && value instanceof Yaml.Sequence)) {
                List<Yaml> items = new ArrayList<>(Yaml.items(old));
                items.addAll(Yaml.items(value));
                below.put(key, entry.keyMark(), new Yaml.Sequence(items, entry.keyMark()));
            } else if (!value.isNull()) {
                below.put(key, entry.keyMark(), value);
            }
        });
        return below;
    }
}
