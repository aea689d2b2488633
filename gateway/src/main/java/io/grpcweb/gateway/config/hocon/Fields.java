package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.Origin;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The fields of a section that a {@link Description} goes through. A {@link Section} is read: each method returns what is
 * written under the key, and the given value where nothing is or something wrong, which is reported. A {@link Tree} is
 * written: each method notes the given value and returns it.
 *
 * <p>A method with {@code otherwise} is for a field whose default follows from other fields.
 */
public interface Fields {

    /** Whether values are written down. */
    boolean writing();

    /** Reports what is wrong with a key, or with the section where the key is empty; when writing, nothing is. */
    void error(String key, String text);

    /** Where the section stands. */
    Origin origin();

    /** A text. */
    String text(String key, String value);

    default String text(String key, String value, String otherwise) {
        return writing() && value.equals(otherwise) ? value : text(key, writing() ? value : otherwise);
    }

    /** A text that may be absent. */
    Optional<String> text(String key, Optional<String> value);

    /** True or false. */
    boolean flag(String key, boolean value);

    default boolean flag(String key, boolean value, boolean otherwise) {
        return writing() && value == otherwise ? value : flag(key, writing() ? value : otherwise);
    }

    /** A whole number that is not negative. */
    int integer(String key, int value);

    /** A whole number between two, which count as well. */
    int integer(String key, int value, int least, int most);

    /** A whole number that is not negative and may be absent. */
    OptionalInt integer(String key, OptionalInt value);

    /** A whole number that is not negative. */
    long whole(String key, long value);

    /** A number. */
    double decimal(String key, double value);

    /** A share from 0 to 1. */
    double share(String key, double value);

    /** A duration. */
    Duration duration(String key, Duration value);

    default Duration duration(String key, Duration value, Duration otherwise) {
        return writing() && value.equals(otherwise) ? value : duration(key, writing() ? value : otherwise);
    }

    /** A duration that may be absent. */
    Optional<Duration> duration(String key, Optional<Duration> value);

    /** A number of bytes, such as {@code 64 KiB}. */
    int bytes(String key, int value);

    /** One of the values of an enum, in small letters with hyphens. */
    <E extends Enum<E>> E choice(String key, E value);

    default <E extends Enum<E>> E choice(String key, E value, E otherwise) {
        return writing() && value == otherwise ? value : choice(key, writing() ? value : otherwise);
    }

    /** A list of texts; one that stands alone is a list of one. */
    List<String> texts(String key, List<String> values);

    /** A list of whole numbers. */
    List<Integer> integers(String key, List<Integer> values);

    /** A list of IP addresses with ports. */
    List<Endpoint> endpoints(String key, List<Endpoint> values);

    /** An address that may be absent. */
    Optional<Endpoint> endpoint(String key, Optional<Endpoint> value);

    /** A section below this one, for some of the fields of the same record. */
    Fields in(String key);

    /** A section below this one that holds a record of its own. */
    default <T> T section(String key, T value, Description<T> fields) {
        return fields.of(in(key), value);
    }

    /**
     * A section that may be absent.
     *
     * @param base what holds in the section where nothing is written
     */
    <T> Optional<T> section(String key, Optional<T> value, T base, Description<T> fields);

    /**
     * A list of sections; one that stands alone is a list of one.
     *
     * @param base what holds in each section where nothing is written
     */
    <T> List<T> sections(String key, List<T> values, T base, Description<T> fields);

    /** What is not said field by field: it has a reader and a writer of its own. */
    <T> T by(T value, Function<Section, T> read, BiConsumer<Tree, T> write);
}
