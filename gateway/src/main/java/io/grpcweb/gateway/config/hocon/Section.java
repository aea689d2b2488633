package io.grpcweb.gateway.config.hocon;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException.BadValue;
import com.typesafe.config.ConfigException.WrongType;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.grpcweb.gateway.config.Addresses;
import io.grpcweb.gateway.config.ConfigProblem;
import io.grpcweb.gateway.config.Durations;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.Origin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A section of the gateway's own format that is being read. It knows which keys were asked for, so that the others can be
 * reported as unknown; what is wrong is reported with its line, and the default is taken in its place.
 */
public final class Section implements Fields {
    private final Config config;
    private final ConfigObject object;
    private final String path;
    private final Findings findings;
    private final Set<String> known = new HashSet<>();

    Section(ConfigObject object, String path, Findings findings) {
        this.object = object;
        this.config = object.toConfig();
        this.path = path;
        this.findings = findings;
        findings.add(this);
    }

    /** Something is taken over from a file. */
    void reads(Path file) {
        findings.reads(file);
    }

    /** The path of a key. */
    public String path(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** File, line and path: how records name the place that decided something. */
    public String place() {
        return findings.place(object, path);
    }

    @Override
    public boolean writing() {
        return false;
    }

    @Override
    public Origin origin() {
        return new Origin(place());
    }

    @Override
    public void error(String key, String text) {
        ConfigValue value = key.isEmpty() ? object : object.getOrDefault(key, object);
        findings.error(value, key.isEmpty() ? path : path(key), text);
    }

    /** Whether the key is written; it counts as known from then on. */
    public boolean has(String key) {
        known.add(key);
        return object.containsKey(key) && object.get(key).valueType() != ConfigValueType.NULL;
    }

    /** Reports the keys that nobody asked for. */
    void reportUnknown() {
        for (String key : object.keySet()) {
            if (!known.contains(key)) {
                findings.error(object.get(key), path(key), "unknown key" + Spelling.hint(key, known));
            }
        }
    }

    private <T> T value(String key, T otherwise, String expected, BiFunction<Config, String, T> read) {
        if (!has(key)) {
            return otherwise;
        }
        try {
            return read.apply(config, ConfigUtil.quoteString(key));
        } catch (WrongType | BadValue e) {
            error(key, "'" + shown(key) + "' is not what is expected here: " + expected);
            return otherwise;
        }
    }

    private String shown(String key) {
        ConfigValue value = object.get(key);
        return switch (value.valueType()) {
            case OBJECT -> "{...}";
            case LIST -> "[...]";
            default -> String.valueOf(value.unwrapped());
        };
    }

    @Override
    public String text(String key, String otherwise) {
        return value(key, otherwise, "a text", Config::getString);
    }

    /** A text; absent where it is not written. */
    public Optional<String> text(String key) {
        return Optional.ofNullable(text(key, (String) null));
    }

    @Override
    public Optional<String> text(String key, Optional<String> value) {
        return text(key).or(() -> value);
    }

    @Override
    public boolean flag(String key, boolean otherwise) {
        return value(key, otherwise, "true or false", Config::getBoolean);
    }

    @Override
    public int integer(String key, int otherwise) {
        return notNegative(key, value(key, otherwise, "a whole number", Config::getInt), otherwise);
    }

    @Override
    public int integer(String key, int otherwise, int least, int most) {
        int number = integer(key, otherwise);
        if (number < least || number > most) {
            error(key, "must be between " + least + " and " + most + ", and is " + number);
            return otherwise;
        }
        return number;
    }

    private <T extends Number> T notNegative(String key, T number, T otherwise) {
        if (number.doubleValue() < 0) {
            error(key, "must not be negative");
            return otherwise;
        }
        return number;
    }

    /** The same; absent where it is not written. */
    public OptionalInt integer(String key) {
        return integer(key, OptionalInt.empty());
    }

    @Override
    public OptionalInt integer(String key, OptionalInt value) {
        return has(key) ? OptionalInt.of(integer(key, 0)) : value;
    }

    @Override
    public long whole(String key, long otherwise) {
        return notNegative(key, value(key, otherwise, "a whole number", Config::getLong), otherwise);
    }

    /** A whole number that may be below zero. */
    public long signed(String key, long otherwise) {
        return value(key, otherwise, "a whole number", Config::getLong);
    }

    @Override
    public double decimal(String key, double otherwise) {
        double number = value(key, otherwise, "a number", Config::getDouble);
        if (!Double.isFinite(number)) {
            error(key, "'" + shown(key) + "' is not what is expected here: a number");
            return otherwise;
        }
        return number;
    }

    @Override
    public double share(String key, double otherwise) {
        double share = decimal(key, otherwise);
        if (!(share >= 0 && share <= 1)) {
            error(key, "a share from 0 to 1 is expected, not " + share);
            return otherwise;
        }
        return share;
    }

    @Override
    public Duration duration(String key, Duration otherwise) {
        return duration(key).orElse(otherwise);
    }

    @Override
    public Optional<Duration> duration(String key, Optional<Duration> value) {
        return duration(key).or(() -> value);
    }

    /** A duration; absent where it is not written or wrong. */
    public Optional<Duration> duration(String key) {
        if (has(key) && object.get(key).unwrapped() instanceof Number number && number.doubleValue() != 0) {
            error(key, "a duration needs its unit: write " + number + "s or " + number + "ms");
            return Optional.empty();
        }
        // What does not fit comes as the longest one that does.
        Optional<Duration> given =
                Optional.ofNullable(value(key, null, "a duration such as 5s, 250ms or 1h", Config::getDuration));
        Optional<String> problem = given.flatMap(one -> Durations.problem(one, shown(key)));
        problem.ifPresent(text -> error(key, text));
        return problem.isPresent() ? Optional.empty() : given.map(Durations::bounded);
    }

    @Override
    public int bytes(String key, int otherwise) {
        long bytes = value(key, (long) otherwise, "a size such as 64KiB", Config::getBytes);
        if (bytes > Integer.MAX_VALUE || bytes < 0) {
            error(key, "must be less than 2 GiB");
            return otherwise;
        }
        return (int) bytes;
    }

    /** One of the values of an enum, written in small letters with hyphens. */
    public <E extends Enum<E>> E choice(String key, Class<E> kind, E otherwise) {
        Optional<String> text = text(key);
        if (text.isEmpty()) {
            return otherwise;
        }
        String name = text.get().toUpperCase(Locale.ROOT).replace('-', '_');
        for (E one : kind.getEnumConstants()) {
            if (one.name().equals(name)) {
                return one;
            }
        }
        List<String> choices =
                Arrays.stream(kind.getEnumConstants()).map(Tree::enumText).toList();
        error(key, "'" + text.get() + "' is none of " + String.join(", ", choices));
        return otherwise;
    }

    @Override
    public <E extends Enum<E>> E choice(String key, E value) {
        return choice(key, value.getDeclaringClass(), value);
    }

    @Override
    public List<String> texts(String key, List<String> values) {
        return has(key) ? texts(key) : values;
    }

    /** A list of texts; one that stands alone is a list of one. */
    public List<String> texts(String key) {
        if (!has(key)) {
            return List.of();
        }
        List<String> found = new ArrayList<>();
        for (ConfigValue item : items(key)) {
            if (item.valueType() == ConfigValueType.OBJECT || item.valueType() == ConfigValueType.LIST) {
                findings.error(item, path(key), "a list of texts is expected");
            } else {
                found.add(String.valueOf(item.unwrapped()));
            }
        }
        return found;
    }

    @Override
    public List<Integer> integers(String key, List<Integer> values) {
        return has(key) ? integers(key) : values;
    }

    /** A list of whole numbers. */
    public List<Integer> integers(String key) {
        List<Integer> found = new ArrayList<>();
        for (String text : texts(key)) {
            try {
                found.add(Integer.valueOf(text));
            } catch (NumberFormatException e) {
                error(key, "'" + text + "' is no whole number");
            }
        }
        return found;
    }

    List<ConfigValue> items(String key) {
        if (!has(key)) {
            return List.of();
        }
        ConfigValue value = object.get(key);
        return value instanceof ConfigList list ? list : List.of(value);
    }

    /** Whether a single value is written. */
    public boolean isText(String key) {
        return has(key)
                && object.get(key).valueType() != ConfigValueType.OBJECT
                && object.get(key).valueType() != ConfigValueType.LIST;
    }

    /** A section below this one, if it is there. */
    public Optional<Section> section(String key) {
        if (!has(key)) {
            return Optional.empty();
        }
        return section(object.get(key), path(key));
    }

    /** A section below this one; an empty one where it is not there. */
    public Section sectionOrEmpty(String key) {
        return section(key).orElseGet(() -> new Section(ConfigFactory.empty().root(), path(key), findings));
    }

    /** A value as a section. */
    public Optional<Section> section(ConfigValue value, String where) {
        if (value instanceof ConfigObject found) {
            return Optional.of(new Section(found, where, findings));
        }
        findings.error(value, where, "a section { ... } is expected");
        return Optional.empty();
    }

    @Override
    public Section in(String key) {
        return sectionOrEmpty(key);
    }

    @Override
    public <T> T section(String key, T value, Description<T> fields) {
        return has(key) ? fields.of(sectionOrEmpty(key), value) : value;
    }

    @Override
    public <T> Optional<T> section(String key, Optional<T> value, T base, Description<T> fields) {
        return has(key) ? section(key).map(one -> fields.of(one, base)) : value;
    }

    @Override
    public <T> List<T> sections(String key, List<T> values, T base, Description<T> fields) {
        if (!has(key)) {
            return values;
        }
        List<T> found = new ArrayList<>();
        sections(key).forEach(one -> found.add(fields.of(one, base)));
        return found;
    }

    @Override
    public <T> T by(T value, Function<Section, T> read, BiConsumer<Tree, T> write) {
        return read.apply(this);
    }

    /** A section in which nothing is written. */
    Section empty(String where) {
        return new Section(ConfigFactory.empty().root(), where, findings);
    }

    /** A section as it stands in the file, for a reader of its own. */
    public Optional<ConfigObject> object(String key) {
        if (has(key) && object.get(key) instanceof ConfigObject found) {
            return Optional.of(found);
        }
        error(key, "a section { ... } is expected");
        return Optional.empty();
    }

    /** The file in which a value stands. */
    public String file(ConfigValue value) {
        return findings.fileOf(value);
    }

    /** Reports what a reader of its own found. */
    public void error(ConfigProblem problem) {
        findings.error(problem);
    }

    /** A warning of a reader of its own, which names the place. */
    public void warn(String warning) {
        findings.warn(warning);
    }

    /** A list of sections; one that stands alone is a list of one. */
    public List<Section> sections(String key) {
        List<Section> found = new ArrayList<>();
        int index = 0;
        for (ConfigValue item : items(key)) {
            section(item, path(key) + "[" + index++ + "]").ifPresent(found::add);
        }
        return found;
    }

    /** Sections by their names, in the order of the file. */
    public Map<String, Section> named(String key) {
        Map<String, Section> found = new LinkedHashMap<>();
        section(key).ifPresent(all -> {
            List<String> names = new ArrayList<>(all.object.keySet());
            names.sort(Comparator.comparingInt(
                            (String name) -> all.object.get(name).origin().lineNumber())
                    .thenComparing(Comparator.naturalOrder()));
            for (String name : names) {
                all.known.add(name);
                section(all.object.get(name), all.path(ConfigUtil.joinPath(name)))
                        .ifPresent(one -> found.put(name, one));
            }
        });
        return found;
    }

    /** Everything below a key as plain maps, lists, texts, numbers and flags. */
    Object plain(String key) {
        known.add(key);
        return object.get(key).unwrapped();
    }

    Set<String> known() {
        return known;
    }

    /** The keys that are written. */
    public Set<String> keys() {
        return object.keySet();
    }

    @Override
    public List<Endpoint> endpoints(String key, List<Endpoint> values) {
        return has(key) ? endpoints(key) : values;
    }

    /** A list of addresses with ports. */
    List<Endpoint> endpoints(String key) {
        List<Endpoint> found = new ArrayList<>();
        for (String text : texts(key)) {
            Optional<Endpoint> endpoint =
                    Endpoint.parse(text).filter(one -> one.hasPort() && Addresses.isIp(one.host()));
            endpoint.ifPresentOrElse(found::add, () -> error(key, "'" + text + "' is not an IP address with a port"));
        }
        return found;
    }

    @Override
    public Optional<Endpoint> endpoint(String key, Optional<Endpoint> value) {
        return endpoint(key).or(() -> value);
    }

    /** An address; absent where it is not written or wrong. */
    public Optional<Endpoint> endpoint(String key) {
        return text(key).flatMap(text -> {
            Optional<Endpoint> endpoint = Endpoint.parse(text);
            if (endpoint.filter(Section::isSocket).isEmpty()) {
                error(key, "'" + text + "' is not an address: write \"HOST:PORT\" or \"unix:/path\"");
            }
            return endpoint.filter(Section::isSocket);
        });
    }

    private static boolean isSocket(Endpoint endpoint) {
        return endpoint.hasPort() || endpoint.isPipe();
    }
}
