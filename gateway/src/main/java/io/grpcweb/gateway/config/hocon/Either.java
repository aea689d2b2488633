package io.grpcweb.gateway.config.hocon;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.grpcweb.gateway.config.Patterns;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Fields of which one may be written, each for one kind of a thing.
 *
 * @param <T> the thing
 */
final class Either<T> {
    private final Fields own;
    private final Optional<T> given;
    private final List<String> keys = new ArrayList<>();
    private final List<T> found = new ArrayList<>();

    /**
     * Without kinds.
     *
     * @param given what is written; a reader does not look at it
     */
    Either(Fields own, Optional<T> given) {
        this.own = own;
        this.given = own.writing() ? given : Optional.empty();
    }

    private <K extends T> Optional<String> text(String key, Class<K> kind, Function<K, String> text) {
        keys.add(key);
        return own.text(key, part(given, kind).map(text));
    }

    /** A thing, if it is of this kind. */
    static <T, K extends T> Optional<K> part(Optional<T> thing, Class<K> kind) {
        return thing.filter(kind::isInstance).map(kind::cast);
    }

    <K extends T> Either<T> text(String key, Class<K> kind, Function<K, String> text, Function<String, K> make) {
        text(key, kind, text).map(make).ifPresent(found::add);
        return this;
    }

    <K extends T> Either<T> pattern(
            String key, Class<K> kind, Function<K, Pattern> pattern, Function<Pattern, K> make) {
        text(key, kind, pattern.andThen(Pattern::pattern))
                .flatMap(text -> compiled(own, key, text))
                .map(make)
                .ifPresent(found::add);
        return this;
    }

    /** The one that is written, if one is. */
    Optional<T> get() {
        if (found.size() > 1) {
            String last = keys.get(keys.size() - 1);
            own.error(
                    "",
                    "only one of " + String.join(", ", keys.subList(0, keys.size() - 1)) + " and " + last
                            + " may be written");
        }
        return found.stream().findFirst();
    }

    /** A regular expression; empty where it is none, which is reported. */
    static Optional<Pattern> compiled(Fields own, String key, String text) {
        try {
            return Optional.of(Patterns.compile(text));
        } catch (PatternSyntaxException e) {
            own.error(key, "not a regular expression in RE2 syntax: " + e.getMessage());
            return Optional.empty();
        }
    }
}
