package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.Origin;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

    /** Whether the key is written. */
    boolean has(String key);

    /** Reports what is wrong with a key, or with the section where the key is empty; when writing, nothing is. */
    void error(String key, String text);

    /** Where the section stands. */
    Origin origin();

    /** A field of any kind. */
    <T> T field(String key, T value, Kind<T> kind);

    /** A field of any kind that may be absent. */
    <T> Optional<T> field(String key, Optional<T> value, Kind<T> kind);

    /** A field whose default follows from others. */
    private <T> T field(String key, T value, T otherwise, Kind<T> kind) {
        return writing() && value.equals(otherwise) ? value : field(key, writing() ? value : otherwise, kind);
    }

    /** A text. */
    default String text(String key, String value) {
        return field(key, value, Kinds::text);
    }

    default String text(String key, String value, String otherwise) {
        return field(key, value, otherwise, Kinds::text);
    }

    default Optional<String> text(String key, Optional<String> value) {
        return field(key, value, Kinds::text);
    }

    /** True or false. */
    default boolean flag(String key, boolean value) {
        return field(key, value, Kinds::flag);
    }

    default boolean flag(String key, boolean value, boolean otherwise) {
        return field(key, value, otherwise, Kinds::flag);
    }

    /** A whole number that is not negative. */
    default int integer(String key, int value) {
        return field(key, value, Kinds::integer);
    }

    default OptionalInt integer(String key, OptionalInt value) {
        return optional(field(key, boxed(value), Kinds::integer));
    }

    /** A whole number between two, which count as well. */
    default int integer(String key, int value, int least, int most) {
        return field(key, value, Kinds.between(least, most));
    }

    /** A whole number that is not negative. */
    default long whole(String key, long value) {
        return field(key, value, Kinds::whole);
    }

    /** A whole number that may be below zero. */
    default Optional<Long> signed(String key, Optional<Long> value) {
        return field(key, value, Kinds::signed);
    }

    /** A number. */
    default double decimal(String key, double value) {
        return field(key, value, Kinds::decimal);
    }

    /** A share from 0 to 1. */
    default double share(String key, double value) {
        return field(key, value, Kinds::share);
    }

    /** A duration. */
    default Duration duration(String key, Duration value) {
        return field(key, value, Kinds::duration);
    }

    default Duration duration(String key, Duration value, Duration otherwise) {
        return field(key, value, otherwise, Kinds::duration);
    }

    default Optional<Duration> duration(String key, Optional<Duration> value) {
        return field(key, value, Kinds::duration);
    }

    /** A number of bytes, such as {@code 64 KiB}. */
    default int bytes(String key, int value) {
        return field(key, value, Kinds::bytes);
    }

    default OptionalInt bytes(String key, OptionalInt value) {
        return optional(field(key, boxed(value), Kinds::bytes));
    }

    /** One of the values of an enum, in small letters with hyphens. */
    default <E extends Enum<E>> E choice(String key, E value) {
        return field(key, value, Kinds.choice(value.getDeclaringClass()));
    }

    default <E extends Enum<E>> E choice(String key, E value, E otherwise) {
        return field(key, value, otherwise, Kinds.choice(value.getDeclaringClass()));
    }

    /** A list of texts; one that stands alone is a list of one. */
    default List<String> texts(String key, List<String> values) {
        return field(key, values, Kinds::texts);
    }

    /** A list of whole numbers. */
    default List<Integer> integers(String key, List<Integer> values) {
        return field(key, values, Kinds::integers);
    }

    /** An address. */
    default Endpoint endpoint(String key, Endpoint value) {
        return field(key, value, Kinds::endpoint);
    }

    default Optional<Endpoint> endpoint(String key, Optional<Endpoint> value) {
        return field(key, value, Kinds::endpoint);
    }

    /** A list of IP addresses with ports. */
    default List<Endpoint> endpoints(String key, List<Endpoint> values) {
        return field(key, values, Kinds::endpoints);
    }

    /** Anything by names that are not keys of the gateway. */
    default Map<?, ?> map(String key, Map<?, ?> value) {
        return field(key, value, Kinds::map);
    }

    private static Optional<Integer> boxed(OptionalInt number) {
        return number.isPresent() ? Optional.of(number.getAsInt()) : Optional.empty();
    }

    private static OptionalInt optional(Optional<Integer> number) {
        return number.isPresent() ? OptionalInt.of(number.get()) : OptionalInt.empty();
    }

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
     * A section that may be absent, or stand as a text.
     *
     * @param base what holds in the section where nothing is written
     */
    <T> Optional<T> section(String key, Optional<T> value, T base, Description<T> fields, Brief<T> brief);

    /**
     * Fields of this section that are there if one of them is.
     *
     * @param key the one that tells
     * @param base what holds where it is written and the others are not
     */
    <T> Optional<T> ifWritten(String key, Optional<T> value, T base, Description<T> fields);

    /**
     * Sections by their names, in the order of the file.
     *
     * @param base what holds in the section of a name where nothing is written
     */
    <T> List<T> named(
            String key, List<T> values, Function<T, String> name, Function<String, T> base, Description<T> fields);

    /**
     * A list of sections; one that stands alone is a list of one.
     *
     * @param base what holds in each section where nothing is written
     */
    <T> List<T> sections(String key, List<T> values, T base, Description<T> fields);

    /** The same with items that may stand as texts. */
    <T> List<T> sections(String key, List<T> values, T base, Description<T> fields, Brief<T> brief);

    /**
     * What is not said field by field.
     *
     * @param write leaves out what need not be written
     */
    <T> T by(T value, Function<Section, T> read, BiConsumer<Tree, T> write);
}
