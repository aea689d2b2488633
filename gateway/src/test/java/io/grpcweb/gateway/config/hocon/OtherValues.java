package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.Origin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Walks a description and gives one field, or each of them, another value than the given one; no two get the same. */
final class OtherValues extends UniformFields {
    private static final int EVERY = -1;

    private final Set<String> keys = new TreeSet<>();
    private final int wanted;
    private int visited;

    private OtherValues(int wanted) {
        this.wanted = wanted;
    }

    /** The record with each of its fields changed in turn, and at last with all of them changed. */
    static <T> List<T> of(T base, Description<T> fields) {
        List<T> found = new ArrayList<>();
        OtherValues all = new OtherValues(EVERY);
        T changed = fields.of(all, base);
        for (int one = 0; one < all.visited; one++) {
            found.add(fields.of(new OtherValues(one), base));
        }
        found.add(changed);
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
        int at = visited++;
        return wanted == EVERY || wanted == at;
    }

    @Override
    <T> T field(String key, T value) {
        return visit(key) ? other(value) : value;
    }

    @SuppressWarnings("unchecked")
    private <T> T other(T value) {
        if (value instanceof Enum<?> one) {
            Object[] all = one.getDeclaringClass().getEnumConstants();
            return (T) all[(one.ordinal() + 1) % all.length];
        }
        Object other = value instanceof String
                ? "other-" + visited
                : value instanceof Boolean flag
                        ? (Object) !flag
                        : value instanceof Integer number
                                ? (Object) (number + visited)
                                : value instanceof Long number
                                        ? (Object) (number + visited)
                                        : value instanceof Duration duration ? duration.plusSeconds(visited) : null;
        if (other == null) {
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
        return visit(key) ? Optional.of("other-" + visited) : value;
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
        return inside(key, base, fields).or(() -> value);
    }

    @Override
    public <T> List<T> sections(String key, List<T> values, T base, Description<T> fields) {
        return inside(key, base, fields).map(List::of).orElse(values);
    }

    /** A section that is there, since it or something in it is changed. */
    private <T> Optional<T> inside(String key, T base, Description<T> fields) {
        boolean here = visit(key);
        int before = visited;
        T inner = fields.of(this, base);
        return here || (wanted >= before && wanted < visited) ? Optional.of(inner) : Optional.empty();
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
