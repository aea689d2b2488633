package io.grpcweb.gateway.config;

import com.google.protobuf.ByteString;
import com.google.re2j.Pattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Where requests go: virtual hosts by authority, and in each an ordered list of routes, the first match wins.
 *
 * @param name as in the file
 * @param virtualHosts a request goes to the one whose domain fits its authority best
 * @param headers header rules for all of them
 * @param mostSpecificFirst whether the rules of the route come before those of the virtual host
 * @param ignorePort whether the port of an authority is left out when its virtual host is looked for
 * @param internalOnly lower-case names of fields that requests of callers who are not trusted do not keep
 */
public record RouteConfig(
        String name,
        List<VirtualHost> virtualHosts,
        HeaderRules headers,
        boolean mostSpecificFirst,
        boolean ignorePort,
        List<String> internalOnly) {

    public RouteConfig {
        virtualHosts = List.copyOf(virtualHosts);
        internalOnly = List.copyOf(internalOnly);
    }

    /** One that takes no field off. */
    public RouteConfig(
            String name,
            List<VirtualHost> virtualHosts,
            HeaderRules headers,
            boolean mostSpecificFirst,
            boolean ignorePort) {
        this(name, virtualHosts, headers, mostSpecificFirst, ignorePort, List.of());
    }

    /**
     * Routes for some authorities.
     *
     * @param domains exact, {@code *.suffix}, {@code prefix.*} or {@code *}; exact before suffix before prefix before
     *     {@code *}, the longest first
     * @param filters settings of filters for requests that no route takes; those of each route are complete by themselves
     * @param rateLimits those of its routes that do not have their own
     * @param attemptCount whether the number of the attempt goes to the backend as {@code x-envoy-attempt-count}
     */
    public record VirtualHost(
            String name,
            List<String> domains,
            List<Route> routes,
            HeaderRules headers,
            Map<String, FilterOverride> filters,
            List<RateLimit> rateLimits,
            boolean attemptCount,
            Origin place) {
        public VirtualHost {
            domains = List.copyOf(domains);
            routes = List.copyOf(routes);
            filters = Map.copyOf(filters);
            rateLimits = List.copyOf(rateLimits);
        }
    }

    /**
     * One rule of a virtual host.
     *
     * @param name as in the file, or empty
     * @param match which requests it takes
     * @param action what is done with them
     * @param filters settings of filters for this route, by the filter's name, with what the outer places say of them
     * @param rateLimits what its requests are counted by
     * @param tracing what it says of the traces of its requests
     * @param metadata what it says for others to read
     * @param place file, line and path
     */
    public record Route(
            String name,
            Match match,
            Action action,
            HeaderRules headers,
            Map<String, FilterOverride> filters,
            RateLimit.Rules rateLimits,
            TracingConfig.OfRoute tracing,
            Metadata metadata,
            Origin place) {
        public Route {
            filters = Map.copyOf(filters);
        }

        /** Without anything about tracing, and without metadata. */
        public Route(
                String name,
                Match match,
                Action action,
                HeaderRules headers,
                Map<String, FilterOverride> filters,
                RateLimit.Rules rateLimits,
                Origin place) {
            this(
                    name,
                    match,
                    action,
                    headers,
                    filters,
                    rateLimits,
                    TracingConfig.OfRoute.NOTHING,
                    Metadata.NONE,
                    place);
        }
    }

    /** What a route says of a filter: that it is off, or other settings for it. */
    public sealed interface FilterOverride {
        record Disabled() implements FilterOverride {}

        record Replaced(FilterConfig filter) implements FilterOverride {}

        /** Whether it says what pages of other origins may do. */
        default boolean crossOrigin() {
            return this instanceof Replaced replaced && replaced.filter().crossOrigin();
        }
    }

    /**
     * Which requests a route takes; all parts must fit.
     *
     * @param grpc whether only requests with an {@code application/grpc} content-type fit, as sent by the browser
     * @param fraction share of the fitting requests that it takes, 0 to 1
     */
    public record Match(
            PathMatch path, List<HeaderMatch> headers, List<QueryMatch> query, boolean grpc, double fraction) {
        public Match {
            headers = List.copyOf(headers);
            query = List.copyOf(query);
        }
    }

    /** The part of a match that looks at the path without its query. */
    public sealed interface PathMatch {
        /** Whether upper and lower case are the same. */
        default boolean ignoreCase() {
            return false;
        }

        record Prefix(String prefix, boolean ignoreCase) implements PathMatch {}

        record Exact(String path, boolean ignoreCase) implements PathMatch {}

        /** RE2, must match the whole path. */
        record Regex(Pattern pattern) implements PathMatch {}

        /** The path of a method whose service the backend of the route's one cluster has, as it says by reflection. */
        record Reflected() implements PathMatch {}

        /** The path itself, or it followed by a slash and more. */
        record SeparatedPrefix(String prefix, boolean ignoreCase) implements PathMatch {}
    }

    /**
     * A condition on a header field; several values of it are joined by commas.
     *
     * @param name lower-case; may be a pseudo-header field such as {@code :method}
     * @param value absent: the field must only be there
     * @param range instead of a text: the value is a number from the first, inclusive, to the second, exclusive
     * @param invert whether the outcome is turned round
     * @param missingAsEmpty whether a missing field counts as an empty one
     */
    public record HeaderMatch(
            String name, Optional<StringMatch> value, Optional<Range> range, boolean invert, boolean missingAsEmpty) {

        /** Whether a field with this value, or null for none, meets the condition. */
        public boolean fits(CharSequence given) {
            CharSequence text = given == null && missingAsEmpty ? "" : given;
            if (text == null) {
                // An inverted value condition does not hold for a missing field; an inverted presence does.
                return invert && value.isEmpty() && range.isEmpty();
            }
            if (value.isPresent() && !value.get().reads(text)) {
                // What is not looked at meets no condition, an inverted one neither.
                return false;
            }
            boolean fits = range.map(wanted -> wanted.contains(text)).orElse(true)
                    && value.map(wanted -> wanted.matches(text)).orElse(true);
            return fits != invert;
        }
    }

    /** Whole numbers from the first, inclusive, to the second, exclusive. */
    public record Range(long from, long to) {
        public boolean contains(long number) {
            return number >= from && number < to;
        }

        boolean contains(CharSequence number) {
            try {
                return contains(Long.parseLong(number.toString().strip()));
            } catch (NumberFormatException e) {
                return false;
            }
        }
    }

    /**
     * A condition on a query parameter; without a value it must only be there.
     *
     * @param absent whether it must not be there
     */
    public record QueryMatch(String name, Optional<StringMatch> value, boolean absent) {

        /** Whether a parameter fits; null stands for one that is not there. */
        public boolean fits(String given) {
            return given == null
                    ? absent
                    : !absent && value.map(text -> text.matches(given)).orElse(true);
        }
    }

    /** What is done with a request. */
    public sealed interface Action permits Forward, DirectResponse, CannedReply, Redirect, Files {}

    /** A local reply. */
    public record DirectResponse(int status, String body) implements Action {}

    /**
     * A message in answer to each gRPC call of one method, for a page that is ahead of its backend.
     *
     * @param descriptors the file that knows the method, as written
     * @param json the message as written
     * @param message the same as protobuf encodes it
     */
    public record CannedReply(String descriptors, String json, ByteString message) implements Action {}

    /** A redirect; absent parts stay as they are in the request. */
    public record Redirect(
            int status,
            Optional<String> scheme,
            boolean httpsRedirect,
            Optional<String> host,
            OptionalInt port,
            Optional<String> path,
            Optional<String> prefixRewrite,
            Optional<RegexRewrite> regexRewrite,
            boolean stripQuery)
            implements Action {}

    /**
     * Files of a folder, for a page from the same origin.
     *
     * @param folder what the route's prefix stands for
     * @param fallback the file, from the folder, that answers a browser which opens an address without a file: applications of
     *     one page have many addresses
     */
    public record Files(Path folder, Optional<String> fallback) implements Action {}

    /** Every match of the pattern is replaced; the substitution may hold {@code \1}. */
    public record RegexRewrite(Pattern pattern, String substitution) {

        /**
         * A text with its matches replaced; RE2 writes a group as {@code \1}, the Java port as {@code $1}. One that names a group
         * that is not there, or ends in the middle of a name, replaces nothing, as in Envoy.
         */
        public String in(String text) {
            if (namesMissingGroup()) {
                return text;
            }
            String escaped = substitution.replace("$", "\\$").replaceAll("\\\\([0-9])", "\\$$1");
            return pattern.matcher(text).replaceAll(escaped);
        }

        private boolean namesMissingGroup() {
            for (int at = substitution.indexOf('\\'); at >= 0; at = substitution.indexOf('\\', at + 2)) {
                int group = at + 1 < substitution.length()
                        ? Character.digit(substitution.charAt(at + 1), 10)
                        : Integer.MAX_VALUE;
                if (group > pattern.groupCount()) {
                    return true;
                }
            }
            return false;
        }
    }

    /**
     * Forwarding to a cluster.
     *
     * @param timeout from the end of the request to the end of the response; zero means none
     * @param idleTimeout replaces the listener's stream idle timeout, if given; zero means none
     * @param flushTimeout replaces the listener's stream flush timeout, if given; zero means none
     * @param streamLimits deadlines, if given; they replace {@code timeout}
     * @param maxGrpcTimeout the older way: {@code grpc-timeout} replaces {@code timeout}, capped by this; zero: no cap
     * @param hostRewrite what becomes of the authority
     * @param internalRedirect which redirects of backends are followed here, if any
     * @param resend what is tried again without a policy
     * @param highPriority whether calls count against the high-priority circuit breakers
     * @param grpcOnly whether only gRPC-Web and native gRPC are forwarded: anything else is answered 415, or 405 with
     *     {@code allow: POST} for another method
     */
    public record Forward(
            ClusterChoice cluster,
            int clusterNotFoundStatus,
            Optional<String> prefixRewrite,
            Optional<RegexRewrite> regexRewrite,
            HostRewrite hostRewrite,
            Optional<InternalRedirect> internalRedirect,
            Duration timeout,
            Optional<Duration> idleTimeout,
            Optional<Duration> flushTimeout,
            Optional<StreamLimits> streamLimits,
            Optional<Duration> maxGrpcTimeout,
            Optional<Duration> grpcTimeoutOffset,
            Optional<RetryPolicy> retry,
            Resend resend,
            List<HashPolicy> hashPolicies,
            List<Mirror> mirrors,
            Map<String, Boolean> upgrades,
            boolean highPriority,
            boolean grpcOnly)
            implements Action {
        public Forward {
            hashPolicies = List.copyOf(hashPolicies);
            mirrors = List.copyOf(mirrors);
            upgrades = Map.copyOf(upgrades);
        }

        /** The clusters that calls and their copies may go to, as far as they are known beforehand. */
        public List<String> clusterNames() {
            List<String> names = new ArrayList<>();
            if (cluster instanceof ClusterChoice.Named named) {
                names.add(named.cluster());
            } else if (cluster instanceof ClusterChoice.Weighted weighted) {
                weighted.clusters().forEach(one -> names.add(one.cluster()));
            }
            mirrors.forEach(mirror -> names.add(mirror.cluster()));
            return names;
        }
    }

    /**
     * What becomes of the authority on the way to the backend; one of the first four at most says so.
     *
     * @param literal this
     * @param fromEndpoint whether it is the host name of the endpoint
     * @param header the value of this field of the request, lower-case, where it has one
     * @param fromPath the path without its query, rewritten
     * @param forwardsOriginal whether the old one is appended to {@code x-forwarded-host} where it is rewritten
     */
    public record HostRewrite(
            Optional<String> literal,
            boolean fromEndpoint,
            Optional<String> header,
            Optional<RegexRewrite> fromPath,
            boolean forwardsOriginal) {
        public static final HostRewrite NONE =
                new HostRewrite(Optional.empty(), false, Optional.empty(), Optional.empty(), false);
    }

    /**
     * Which redirects of backends the gateway follows itself, for requests that are no calls of gRPC and whose body is at hand.
     *
     * @param most how often for one request
     * @param statuses among 301, 302, 303, 307 and 308
     * @param crossScheme whether one from {@code https} to {@code http}, or back, is followed
     * @param copied fields of the response, lower-case, that go into the next request
     */
    public record InternalRedirect(int most, List<Integer> statuses, boolean crossScheme, List<String> copied) {
        /** As Envoy, where nothing else is written. */
        public static final InternalRedirect DEFAULT = new InternalRedirect(1, List.of(302), false, List.of());

        public InternalRedirect {
            statuses = List.copyOf(statuses);
            copied = List.copyOf(copied);
        }
    }

    /** How the cluster of a request is found. */
    public sealed interface ClusterChoice {
        record Named(String cluster) implements ClusterChoice {}

        /**
         * By chance, in proportion to the weights.
         *
         * @param randomHeader the field, lower-case, with a number to use instead, where the request has it
         * @param byHash whether the hash of the route is used instead, where there is one
         */
        record Weighted(List<WeightedCluster> clusters, Optional<String> randomHeader, boolean byHash)
                implements ClusterChoice {
            public Weighted {
                clusters = List.copyOf(clusters);
            }

            /** The cluster for a number that is as likely as any other, or null where the weights give none. */
            public WeightedCluster at(long number) {
                int total = clusters.stream().mapToInt(WeightedCluster::weight).sum();
                int at = total == 0 ? 0 : (int) Long.remainderUnsigned(number, total);
                for (WeightedCluster cluster : clusters) {
                    at -= cluster.weight();
                    if (at < 0) {
                        return cluster;
                    }
                }
                return null;
            }
        }

        /** By the value of a header field. */
        record ByHeader(String header) implements ClusterChoice {}
    }

    /**
     * A cluster of a weighted choice.
     *
     * @param headers rules of its own
     * @param hostRewrite its authority
     * @param filters settings of filters where it was drawn, with what the route says of them; empty where they are the
     *     route's
     */
    public record WeightedCluster(
            String cluster,
            int weight,
            HeaderRules headers,
            Optional<String> hostRewrite,
            Map<String, FilterOverride> filters) {
        public WeightedCluster {
            filters = Map.copyOf(filters);
        }

        /** With the filters of its route. */
        public WeightedCluster(String cluster, int weight, HeaderRules headers, Optional<String> hostRewrite) {
            this(cluster, weight, headers, hostRewrite, Map.of());
        }
    }

    /**
     * Envoy's {@code max_stream_duration} of a route.
     *
     * @param max the limit for calls without {@code grpc-timeout}, if given; zero means none
     * @param grpcHeaderMax given: {@code grpc-timeout} is enforced, capped by this; zero means no cap
     * @param grpcHeaderOffset taken off the caller's deadline
     * @param beyondListener whether that deadline may be later than the listener's {@code streamMax}, as in Envoy
     */
    public record StreamLimits(
            Optional<Duration> max,
            Optional<Duration> grpcHeaderMax,
            Duration grpcHeaderOffset,
            boolean beyondListener) {}

    /**
     * When a call is tried again, before anything of its response has left.
     *
     * @param on Envoy's conditions, HTTP and gRPC, lower-case
     * @param retries at most this many after the first attempt
     * @param perTryTimeout of each attempt; zero means none
     * @param statusCodes for {@code retriable-status-codes}
     * @param requestHeaders which requests are tried again: those that meet one of these, or all where there is none
     * @param backOffBase the first pause is up to this; doubled each time
     * @param backOffMax a pause is never longer
     * @param avoidPreviousHosts whether another endpoint is preferred
     */
    public record RetryPolicy(
            List<String> on,
            int retries,
            Duration perTryTimeout,
            List<Integer> statusCodes,
            List<HeaderMatch> retriableHeaders,
            List<HeaderMatch> requestHeaders,
            Duration backOffBase,
            Duration backOffMax,
            boolean avoidPreviousHosts) {
        /** For methods that may be executed more than once. */
        public static final RetryPolicy IDEMPOTENT = new RetryPolicy(
                List.of("unavailable", "connect-failure", "refused-stream", "reset"),
                2,
                Duration.ZERO,
                List.of(),
                List.of(),
                Duration.ofMillis(25),
                Duration.ofMillis(250),
                true);

        public RetryPolicy {
            on = List.copyOf(on);
            statusCodes = List.copyOf(statusCodes);
            retriableHeaders = List.copyOf(retriableHeaders);
            requestHeaders = List.copyOf(requestHeaders);
        }

        /** For whatever request. */
        public RetryPolicy(
                List<String> on,
                int retries,
                Duration perTryTimeout,
                List<Integer> statusCodes,
                List<HeaderMatch> retriableHeaders,
                Duration backOffBase,
                Duration backOffMax,
                boolean avoidPreviousHosts) {
            this(
                    on,
                    retries,
                    perTryTimeout,
                    statusCodes,
                    retriableHeaders,
                    List.of(),
                    backOffBase,
                    backOffMax,
                    avoidPreviousHosts);
        }
    }

    /**
     * What is tried again where the route has no retry policy.
     *
     * @param unseen whether a call that no backend has looked at (no connection, REFUSED_STREAM) goes to another endpoint
     * @param idempotent paths of methods that may be executed more than once: they are tried again where a backend is
     *     not available
     */
    public record Resend(boolean unseen, Set<String> idempotent) {
        /** As Envoy does. */
        public static final Resend NOTHING = new Resend(false, Set.of());

        public Resend {
            idempotent = Set.copyOf(idempotent);
        }
    }

    /** What a hash for {@code RING_HASH} and {@code MAGLEV} is made of; a terminal one that applies ends the list. */
    public record HashPolicy(Kind kind, String name, OptionalLong cookieTtlSeconds, boolean terminal) {
        /** The source of the hash. */
        public enum Kind {
            HEADER,
            COOKIE,
            SOURCE_IP,
            QUERY_PARAMETER
        }
    }

    /** A cluster that gets a copy of the requests; its responses are dropped. */
    public record Mirror(String cluster, double fraction) {}
}
