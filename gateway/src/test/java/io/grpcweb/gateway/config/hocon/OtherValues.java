package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.Origin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Walks a description and gives one field, or each of them, another value than the given one; no two get the same. */
final class OtherValues implements Fields {
    private static final int EVERY = -1;

    private final Set<String> keys = new TreeSet<>();
    private final Set<String> around = new HashSet<>();
    private final int wanted;
    private int visited;
    private Optional<String> changed = Optional.empty();

    private OtherValues(int wanted) {
        this.wanted = wanted;
    }

    /** A record, and the key of the field that has another value; no key where all have. */
    record Changed<T>(String key, T record) {}

    /** The record with each of its fields changed in turn, and at last with all of them changed. */
    static <T> List<Changed<T>> of(T base, Description<T> fields) {
        List<Changed<T>> found = new ArrayList<>();
        for (int one = 0; one == found.size(); one++) {
            OtherValues walk = new OtherValues(one);
            T changed = fields.of(walk, base);
            walk.changed.ifPresent(key -> found.add(new Changed<>(key, changed)));
        }
        if (!found.isEmpty()) {
            found.add(new Changed<>("", fields.of(new OtherValues(EVERY), base)));
        }
        return found;
    }

    /** All keys of a record and of what is inside of it. */
    static <T> Set<String> keys(T base, Description<T> fields) {
        OtherValues all = new OtherValues(EVERY);
        fields.of(all, base);
        return all.keys;
    }

    private boolean visit(String key) {
        keys.add(key);
        boolean here = wanted == EVERY || wanted == visited;
        changed = here ? Optional.of(key) : changed;
        visited++;
        return here;
    }

    @Override
    public <T> T field(String key, T value, Kind<T> kind) {
        return visit(key) ? other(value) : value;
    }

    @Override
    public <T> Optional<T> field(String key, Optional<T> value, Kind<T> kind) {
        throw new UnsupportedOperationException("nothing is known of the kind of " + key);
    }

    @SuppressWarnings("unchecked")
    private <T> T other(T value) {
        if (value instanceof Enum<?> one) {
            List<Object> all = List.of((Object[]) one.getDeclaringClass().getEnumConstants());
            return (T) all.get((all.indexOf(one) + 1) % all.size());
        }
        Object other;
        if (value instanceof String text) {
            other = (Endpoint.parse(text).isPresent() ? "127.0.0.1:" : "other-") + visited;
        } else if (value instanceof Boolean flag) {
            other = !flag;
        } else if (value instanceof Integer number) {
            other = number + visited;
        } else if (value instanceof Long number) {
            other = number + visited;
        } else if (value instanceof Duration duration) {
            other = duration.plusSeconds(visited);
        } else {
            throw new IllegalArgumentException("no other value of " + value);
        }
        return (T) other;
    }

    @Override
    public int integer(String key, int value, int least, int most) {
        return visit(key) ? least + (value - least + visited) % Math.max(1, most - least) : value;
    }

    @Override
    public double share(String key, double value) {
        return visit(key) ? visited / 1024.0 : value;
    }

    @Override
    public double decimal(String key, double value) {
        return visit(key) ? value + visited / 4.0 : value;
    }

    @Override
    public Optional<String> text(String key, Optional<String> value) {
        return visit(key) ? Optional.of(String.valueOf(visited)) : value;
    }

    @Override
    public OptionalInt integer(String key, OptionalInt value) {
        return visit(key) ? OptionalInt.of(visited) : value;
    }

    @Override
    public Optional<Duration> duration(String key, Optional<Duration> value) {
        return visit(key) ? Optional.of(Duration.ofSeconds(visited)) : value;
    }

    @Override
    public OptionalInt bytes(String key, OptionalInt value) {
        return integer(key, value);
    }

    @Override
    public Optional<Long> signed(String key, Optional<Long> value) {
        return visit(key) ? Optional.of((long) visited) : value;
    }

    @Override
    public List<String> texts(String key, List<String> values) {
        return visit(key) ? List.of("other-" + visited) : values;
    }

    @Override
    public List<Integer> integers(String key, List<Integer> values) {
        return visit(key) ? List.of(visited) : values;
    }

    @Override
    public List<Endpoint> endpoints(String key, List<Endpoint> values) {
        return visit(key) ? List.of(new Endpoint("127.0.0.1", visited)) : values;
    }

    @Override
    public Endpoint endpoint(String key, Endpoint value) {
        return endpoint(key, Optional.of(value)).orElseThrow();
    }

    @Override
    public Map<?, ?> map(String key, Map<?, ?> value) {
        return visit(key) ? Map.of("other", visited + 0.5) : value;
    }

    @Override
    public Optional<Endpoint> endpoint(String key, Optional<Endpoint> value) {
        return visit(key) ? Optional.of(new Endpoint("127.0.0.1", visited)) : value;
    }

    @Override
    public Fields in(String key) {
        keys.add(key);
        return this;
    }

    @Override
    public <T> Optional<T> section(String key, Optional<T> value, T base, Description<T> fields) {
        boolean here = visit(key);
        return inside(key, base, fields)
                .or(() -> Optional.of(base).filter(one -> here))
                .or(() -> value);
    }

    @Override
    public <T> Optional<T> section(String key, Optional<T> value, T base, Description<T> fields, Brief<T> brief) {
        return inside(key, base, fields).or(() -> value);
    }

    @Override
    public <T> Optional<T> ifWritten(String key, Optional<T> value, T base, Description<T> fields) {
        return inside(key, base, fields).or(() -> value);
    }

    @Override
    public <T> List<T> sections(String key, List<T> values, T base, Description<T> fields) {
        return inside(key, base, fields).map(List::of).orElse(values);
    }

    @Override
    public <T> List<T> sections(String key, List<T> values, T base, Description<T> fields, Brief<T> brief) {
        return sections(key, values, base, fields);
    }

    @Override
    public <T> List<T> named(
            String key, List<T> values, Function<T, String> name, Function<String, T> base, Description<T> fields) {
        return sections(key, values, base.apply("name"), fields);
    }

    /** A section that is there, since something in it is changed. */
    private <T> Optional<T> inside(String key, T base, Description<T> fields) {
        keys.add(key);
        if (!around.add(key)) {
            return Optional.empty();
        }
        int before = visited;
        T inner = fields.of(this, base);
        around.remove(key);
        return wanted == EVERY || (wanted >= before && wanted < visited) ? Optional.of(inner) : Optional.empty();
    }

    @Override
    public boolean has(String key) {
        return false;
    }

    @Override
    public <T> T by(T value, Function<Section, T> read, BiConsumer<Tree, T> write) {
        return value;
    }

    @Override
    public boolean writing() {
        return false;
    }

    @Override
    public void error(String key, String text) {
        // One field alone may make no sense.
    }

    @Override
    public Origin origin() {
        return Origin.NONE;
    }
}
