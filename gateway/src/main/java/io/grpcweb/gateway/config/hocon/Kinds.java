package io.grpcweb.gateway.config.hocon;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.grpcweb.gateway.config.Addresses;
import io.grpcweb.gateway.config.Durations;
import io.grpcweb.gateway.config.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How values are read, by the methods of {@link Fields}, which say what they are. */
final class Kinds {
    private Kinds() {}

    static Optional<String> text(Section section, String key) {
        return section.value(key, "a text", Config::getString);
    }

    static Optional<Boolean> flag(Section section, String key) {
        return section.value(key, "true or false", Config::getBoolean);
    }

    static Optional<Integer> integer(Section section, String key) {
        return section.value(key, "a whole number", Config::getInt).filter(number -> isNatural(section, key, number));
    }

    static Optional<Long> whole(Section section, String key) {
        return signed(section, key).filter(number -> isNatural(section, key, number));
    }

    private static boolean isNatural(Section section, String key, long number) {
        if (number < 0) {
            section.error(key, "must not be negative");
        }
        return number >= 0;
    }

    static Kind<Integer> between(int least, int most) {
        return (section, key) -> integer(section, key).filter(number -> {
            boolean fits = number >= least && number <= most;
            if (!fits) {
                section.error(key, "must be between " + least + " and " + most + ", and is " + number);
            }
            return fits;
        });
    }

    static Optional<Long> signed(Section section, String key) {
        return section.value(key, "a whole number", Config::getLong);
    }

    static Optional<Double> decimal(Section section, String key) {
        return section.value(key, "a number", Config::getDouble).filter(number -> {
            boolean finite = Double.isFinite(number);
            if (!finite) {
                section.unexpected(key, "a number");
            }
            return finite;
        });
    }

    static Optional<Double> share(Section section, String key) {
        return decimal(section, key).filter(share -> {
            boolean fits = share >= 0 && share <= 1;
            if (!fits) {
                section.error(key, "a share from 0 to 1 is expected, not " + share);
            }
            return fits;
        });
    }

    static Optional<Duration> duration(Section section, String key) {
        if (section.plain(key) instanceof Number number && number.doubleValue() != 0) {
            section.error(key, "a duration needs its unit: write " + number + "s or " + number + "ms");
            return Optional.empty();
        }
        // What does not fit comes as the longest one that does.
        Optional<Duration> given = section.value(key, "a duration such as 5s, 250ms or 1h", Config::getDuration);
        Optional<String> problem = given.flatMap(one -> Durations.problem(one, section.shown(key)));
        problem.ifPresent(text -> section.error(key, text));
        return problem.isPresent() ? Optional.empty() : given.map(Durations::bounded);
    }

    static Optional<Integer> bytes(Section section, String key) {
        return section.value(key, "a size such as 64KiB", Config::getBytes)
                .filter(bytes -> {
                    boolean fits = bytes >= 0 && bytes <= Integer.MAX_VALUE;
                    if (!fits) {
                        section.error(key, "must be less than 2 GiB");
                    }
                    return fits;
                })
                .map(Long::intValue);
    }

    static <E extends Enum<E>> Kind<E> choice(Class<E> kind) {
        return (section, key) -> text(section, key).flatMap(text -> {
            String name = text.toUpperCase(Locale.ROOT).replace('-', '_');
            E[] all = kind.getEnumConstants();
            Optional<E> choice =
                    Arrays.stream(all).filter(one -> one.name().equals(name)).findFirst();
            if (choice.isEmpty()) {
                List<String> choices = Arrays.stream(all).map(Tree::enumText).toList();
                section.error(key, "'" + text + "' is none of " + String.join(", ", choices));
            }
            return choice;
        });
    }

    static Optional<List<String>> texts(Section section, String key) {
        List<String> found = new ArrayList<>();
        for (ConfigValue item : section.items(key)) {
            if (item.valueType() == ConfigValueType.OBJECT || item.valueType() == ConfigValueType.LIST) {
                section.error(item, key, "a list of texts is expected");
            } else {
                found.add(String.valueOf(item.unwrapped()));
            }
        }
        return Optional.of(found);
    }

    static Optional<List<Integer>> integers(Section section, String key) {
        List<Integer> found = new ArrayList<>();
        for (String text : section.texts(key)) {
            try {
                found.add(Integer.valueOf(text));
            } catch (NumberFormatException e) {
                section.error(key, "'" + text + "' is no whole number");
            }
        }
        return Optional.of(found);
    }

    static Optional<Endpoint> endpoint(Section section, String key) {
        return text(section, key).flatMap(text -> {
            Optional<Endpoint> endpoint = Endpoint.parse(text).filter(one -> one.hasPort() || one.isPipe());
            if (endpoint.isEmpty()) {
                section.error(key, "'" + text + "' is not an address: write \"HOST:PORT\" or \"unix:/path\"");
            }
            return endpoint;
        });
    }

    static Optional<List<Endpoint>> endpoints(Section section, String key) {
        List<Endpoint> found = new ArrayList<>();
        for (String text : section.texts(key)) {
            Optional<Endpoint> endpoint =
                    Endpoint.parse(text).filter(one -> one.hasPort() && Addresses.isIp(one.host()));
            endpoint.ifPresentOrElse(
                    found::add, () -> section.error(key, "'" + text + "' is not an IP address with a port"));
        }
        return Optional.of(found);
    }

    static Optional<Map<?, ?>> map(Section section, String key) {
        if (section.plain(key) instanceof Map<?, ?> map) {
            return Optional.of(map);
        }
        section.error(key, "a section { ... } is expected");
        return Optional.empty();
    }
}
