package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.FilterConfig;
import java.util.List;
import java.util.Optional;

/**
 * How one kind of filter stands in a file of Envoy. It is used wherever a configuration is read, so that a class that
 * implements it must be loadable without Netty. Rows for {@code support.txt} are a resource of this name in the package of
 * that class, where the filter has a message in such files; so are, in {@code messages.txt} and the form of the table of Envoy's messages, messages that Envoy does not have.
 *
 * @param <C> the settings of the filter
 */
public interface EnvoyFormat<C extends FilterConfig> {

    /** The class of the settings; no other kind has the same. */
    Class<C> settings();

    /**
     * The full names of the messages it is written as; the first one stands for the filter in the listener's list. None where
     * Envoy does not have the filter.
     */
    List<String> envoyTypes();

    /** The last parts of the names by which older files give the filter without a message. */
    default List<String> olderNames() {
        return List.of();
    }

    /** Reads one of the messages. What is wrong is reported, and a default is taken in its place. */
    C read(String name, Msg typed, Reading envoy);

    /** Reads a message that is the setting of a route, a virtual host or a route configuration. */
    default C readPlace(String name, Msg typed, Reading envoy) {
        return read(name, typed, envoy);
    }

    /**
     * Settings of a route's action or a virtual host that stand in a field of its own, as in older files. They count where no
     * place has a message of the filter.
     */
    default Optional<C> readOlderPlace(String name, Msg place, Reading envoy) {
        return Optional.empty();
    }

    /** The warning about such settings where the listener does not have the filter. */
    default String withoutFilter() {
        return "settings of a filter that the listener does not have do nothing";
    }

    /**
     * What holds for a route for which one place or more of the configuration have settings of their own.
     *
     * @param listener the settings in the listener's list
     * @param places the settings of the route, the virtual host and the route configuration, the most specific first;
     *     never empty
     * @param where the most specific place, for warnings
     */
    default C onRoute(C listener, List<C> places, Msg where, Reading envoy) {
        return places.get(0);
    }
}
