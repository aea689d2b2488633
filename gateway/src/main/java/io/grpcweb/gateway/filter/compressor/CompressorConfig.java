package io.grpcweb.gateway.filter.compressor;

import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.StringMatch;
import io.grpcweb.gateway.filter.coding.Coding;
import java.util.List;
import java.util.Optional;

/**
 * What is compressed, and how.
 *
 * @param library a part of the names of its counters: Envoy's name of the library
 * @param codings in the order in which they are preferred; an Envoy file has one in each filter
 * @param response from the backend to the client
 * @param request from the client to the backend
 * @param older whether the counters of responses have their names of older files
 * @param overrides of a place; empty in what holds for a listener or a route
 */
public record CompressorConfig(
        String name,
        String library,
        List<Coding> codings,
        Direction response,
        Responses responses,
        Direction request,
        boolean older,
        Overrides overrides)
        implements FilterConfig {

    /** What becomes of an etag, which names the bytes of a body. */
    public enum Etags {
        /** A strong one is removed. */
        REMOVE,
        /** A strong one becomes a weak one. */
        WEAKEN,
        /** The response stays as it is. */
        KEEP
    }

    /**
     * One direction.
     *
     * @param leastBytes of a body whose length is known
     * @param types of bodies, in lower case; a body without a type is always compressed
     */
    public record Direction(boolean enabled, long leastBytes, List<StringMatch> types) {
        public Direction {
            types = List.copyOf(types);
        }
    }

    /**
     * What holds for responses alone.
     *
     * @param hideAccepted whether the backend does not see what the client accepts, and so does not compress
     * @param exceptStatuses HTTP statuses whose bodies stay as they are
     * @param tellStatus whether a field of the response says why it is compressed or not
     * @param first whether its coding is taken among those that the client likes as much
     * @param ownOrder whether the order of the codings decides among those, instead of the client's
     * @param codedMessages whether gRPC messages that the backend compressed one by one are compressed again
     */
    public record Responses(
            Etags etags,
            boolean hideAccepted,
            List<Integer> exceptStatuses,
            boolean tellStatus,
            boolean first,
            boolean ownOrder,
            boolean codedMessages) {
        public Responses {
            exceptStatuses = List.copyOf(exceptStatuses);
        }
    }

    /**
     * What a place of an Envoy file changes.
     *
     * @param on whether responses are compressed
     * @param library the name that goes with the coding
     */
    public record Overrides(
            Optional<Boolean> on, Optional<Boolean> hideAccepted, Optional<Coding> coding, String library) {
        public static final Overrides NONE = new Overrides(Optional.empty(), Optional.empty(), Optional.empty(), "");
    }

    public CompressorConfig {
        codings = List.copyOf(codings);
    }

    /** What holds for a route. */
    CompressorConfig with(Overrides place) {
        Direction on = new Direction(place.on().orElse(response.enabled()), response.leastBytes(), response.types());
        Responses rules = new Responses(
                responses.etags(),
                place.hideAccepted().orElse(responses.hideAccepted()),
                responses.exceptStatuses(),
                responses.tellStatus(),
                responses.first(),
                responses.ownOrder(),
                responses.codedMessages());
        return new CompressorConfig(
                name, library, place.coding().map(List::of).orElse(codings), on, rules, request, older, Overrides.NONE);
    }
}
