package io.grpcweb.gateway.config;

import java.util.IdentityHashMap;

/**
 * Where the settings of filters stand in the configuration, for people. It is filled while a configuration is read, and equal to every other one,
 * as an {@link Origin} is.
 */
public final class FilterPlaces {
    private final IdentityHashMap<FilterConfig, Origin> places = new IdentityHashMap<>();

    /** Notes the place of one object; another one that is equal may stand elsewhere. */
    public void put(FilterConfig filter, Origin place) {
        places.put(filter, place);
    }

    /** The place of these settings; {@link Origin#NONE} where it is not known. */
    public Origin of(FilterConfig filter) {
        return places.getOrDefault(filter, Origin.NONE);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FilterPlaces;
    }

    @Override
    public int hashCode() {
        return 1;
    }

    @Override
    public String toString() {
        return "places";
    }
}
