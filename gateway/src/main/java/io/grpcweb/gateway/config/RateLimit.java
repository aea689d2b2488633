package io.grpcweb.gateway.config;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One rate limit of a route or a virtual host: what makes a descriptor of a request. Filters of rate limits count
 * descriptors.
 *
 * @param stage filters with the same number look at it, 0 to 10
 * @param switchable whether it has a key by which Envoy can switch it off, as then Envoy's local rate limit does not look
 *     at it
 * @param actions make one entry each, in order; one that makes none makes the whole descriptor void, unless it may be absent
 * @param override replaces the limit that a service has for the descriptor
 * @param hits how much the request counts; absent for one
 * @param hitsFormat an operator that says how much it counts; what it says is no number counts as one
 * @param negative whether that is given back
 * @param atEnd whether a request is counted when it is over, and never refused for it
 */
public record RateLimit(
        int stage,
        boolean switchable,
        List<Action> actions,
        Optional<LimitOverride> override,
        OptionalLong hits,
        Optional<String> hitsFormat,
        boolean negative,
        boolean atEnd) {
    public RateLimit {
        actions = List.copyOf(actions);
    }

    /** A limit of actions alone. */
    public static RateLimit of(List<Action> actions) {
        return new RateLimit(0, false, actions, Optional.empty(), OptionalLong.empty(), Optional.empty(), false, false);
    }

    /** The same, where a request counts as one. */
    public RateLimit once() {
        return new RateLimit(
                stage, switchable, actions, override, OptionalLong.empty(), Optional.empty(), false, atEnd);
    }

    /** What a route or a virtual host has. */
    public record Rules(List<RateLimit> limits, boolean withVirtualHost) {
        public static final Rules NONE = new Rules(List.of(), false);

        public Rules {
            limits = List.copyOf(limits);
        }
    }

    /** The unit of an override (envoy/type/v3/ratelimit_unit.proto). */
    public enum Unit {
        UNKNOWN(0),
        SECOND(1),
        MINUTE(2),
        HOUR(3),
        DAY(4),
        MONTH(5),
        YEAR(6);

        private final int number;

        Unit(int number) {
            this.number = number;
        }

        /** As services are told it. */
        public int number() {
            return number;
        }
    }

    /** A limit that stands in the configuration, or in metadata. */
    public sealed interface LimitOverride {
        record Fixed(long requests, Unit unit) implements LimitOverride {}

        /** A structure with {@code requests_per_unit} and {@code unit}. */
        record FromMetadata(List<String> path) implements LimitOverride {
            public FromMetadata {
                path = List.copyOf(path);
            }
        }
    }

    /** Makes an entry of a descriptor: a key with a value. */
    public sealed interface Action {

        /** The name of this gateway's own cluster: {@code node.cluster}, or {@code --service-cluster}. */
        record SourceCluster() implements Action {}

        record DestinationCluster() implements Action {}

        /** The value of a field; the first one where there are several. */
        record RequestHeader(String name, String key, boolean maybe) implements Action {}

        record QueryParameter(String name, String key, boolean maybe) implements Action {}

        record RemoteAddress() implements Action {}

        /** The address of the client with the bits behind the prefix set to zero. */
        record MaskedRemoteAddress(int bitsV4, int bitsV6) implements Action {}

        record GenericKey(String key, String value) implements Action {}

        /** The value where the fields of the head meet the conditions, or where they do not. */
        record HeaderMatches(String key, String value, boolean expected, List<RouteConfig.HeaderMatch> headers)
                implements Action {
            public HeaderMatches {
                headers = List.copyOf(headers);
            }
        }

        record QueryMatches(String key, String value, boolean expected, List<RouteConfig.QueryMatch> parameters)
                implements Action {
            public QueryMatches {
                parameters = List.copyOf(parameters);
            }
        }

        /**
         * A text that a filter has found out, or that the route says.
         *
         * @param path a namespace and names in the structures below it
         * @param ofRoute whether it is the route that says it
         * @param otherwise where there is none; may be empty
         */
        record Metadata(String key, List<String> path, boolean ofRoute, String otherwise, boolean maybe)
                implements Action {
            public Metadata {
                path = List.copyOf(path);
            }
        }
    }
}
