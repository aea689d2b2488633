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
import io.grpcweb.gateway.config.ConfigProblem;
import io.grpcweb.gateway.config.Origin;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    public void reads(Path file) {
        findings.reads(file);
    }

    String path() {
        return path;
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

    /** The place of a value in this section. */
    Origin origin(ConfigValue item, String where) {
        return new Origin(findings.place(item, where));
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

    /** It counts as known from then on. */
    @Override
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

    @Override
    public <T> T field(String key, T value, Kind<T> kind) {
        return has(key) ? kind.read(this, key).orElse(value) : value;
    }

    @Override
    public <T> Optional<T> field(String key, Optional<T> value, Kind<T> kind) {
        return has(key) ? kind.read(this, key) : value;
    }

    /** What is written under a key; empty where the library does not take it, which is reported. */
    <T> Optional<T> value(String key, String expected, BiFunction<Config, String, T> read) {
        try {
            return Optional.of(read.apply(config, ConfigUtil.quoteString(key)));
        } catch (WrongType | BadValue e) {
            unexpected(key, expected);
            return Optional.empty();
        }
    }

    void unexpected(String key, String expected) {
        error(key, "'" + shown(key) + "' is not what is expected here: " + expected);
    }

    void error(ConfigValue item, String key, String text) {
        findings.error(item, path(key), text);
    }

    String shown(String key) {
        ConfigValue value = object.get(key);
        return switch (value.valueType()) {
            case OBJECT -> "{...}";
            case LIST -> "[...]";
            default -> String.valueOf(value.unwrapped());
        };
    }

    /** A text; absent where it is not written. */
    public Optional<String> text(String key) {
        return text(key, Optional.empty());
    }

    /** A list of texts; empty where it is not written. */
    public List<String> texts(String key) {
        return texts(key, List.of());
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
    public <T> Optional<T> section(String key, Optional<T> value, T base, Description<T> fields, Brief<T> brief) {
        return isText(key) ? text(key).flatMap(text -> brief.read(this, key, text)) : section(key, value, base, fields);
    }

    @Override
    public <T> Optional<T> ifWritten(String key, Optional<T> value, T base, Description<T> fields) {
        return has(key) ? Optional.of(fields.of(this, base)) : value;
    }

    @Override
    public <T> List<T> named(
            String key, List<T> values, Function<T, String> name, Function<String, T> base, Description<T> fields) {
        List<T> found = new ArrayList<>(values);
        named(key).forEach((called, section) -> found.add(fields.of(section, base.apply(called))));
        return found;
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
    public <T> List<T> sections(String key, List<T> values, T base, Description<T> fields, Brief<T> brief) {
        if (!has(key)) {
            return values;
        }
        List<T> found = new ArrayList<>();
        int index = 0;
        for (ConfigValue item : items(key)) {
            String where = path(key) + "[" + index++ + "]";
            Optional<T> one = item.valueType() == ConfigValueType.STRING
                    ? brief.read(this, key, (String) item.unwrapped())
                    : section(item, where).map(section -> fields.of(section, base));
            one.ifPresent(found::add);
        }
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
}
