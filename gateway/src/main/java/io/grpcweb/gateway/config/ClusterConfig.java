package io.grpcweb.gateway.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * A group of backends that serve the same thing. A duration of zero means "no such limit".
 *
 * @param discovery how names become addresses
 * @param assignment the endpoints as configured; none where a control plane names them (EDS)
 * @param balancer which endpoint a call goes to
 * @param protocol what is spoken with them
 * @param connectTimeout TCP and TLS together
 * @param tls absent: cleartext
 * @param tlsMatches other TLS for some endpoints, by what is said of them; the first that fits
 * @param idleTimeout of a connection without a stream (1 h)
 * @param maxConnectionDuration the age at which a connection takes no more calls (none)
 * @param maxStreamDuration a stream's whole life
 * @param requestsPerConnection after how many a connection is not used again, if at all
 * @param http1Trailers whether the trailers of requests go to backends that speak HTTP/1.1
 * @param bufferBytes how much is held for a backend that does not read
 * @param tcpKeepalive if given, TCP probes
 * @param bind the local address of connections, if given
 * @param http2 settings of HTTP/2 connections
 * @param breakers limits of default and high priority
 * @param hashPolicies what a request is hashed by, if given, whatever its route says
 */
public record ClusterConfig(
        String name,
        Discovery discovery,
        Assignment assignment,
        Balancer balancer,
        Protocol protocol,
        Duration connectTimeout,
        Optional<TlsConfig.Upstream> tls,
        List<TlsMatch> tlsMatches,
        Duration idleTimeout,
        Duration maxConnectionDuration,
        Duration maxStreamDuration,
        OptionalInt requestsPerConnection,
        boolean http1Trailers,
        int bufferBytes,
        Optional<TcpKeepalive> tcpKeepalive,
        Optional<Endpoint> bind,
        Http2 http2,
        Breakers breakers,
        List<RouteConfig.HashPolicy> hashPolicies,
        Optional<OutlierDetection> outlierDetection,
        List<HealthCheck> healthChecks,
        Origin place) {

    public ClusterConfig {
        tlsMatches = List.copyOf(tlsMatches);
        hashPolicies = List.copyOf(hashPolicies);
        healthChecks = List.copyOf(healthChecks);
    }

    /** One that speaks HTTP/2, and of which nothing else is said. */
    public static ClusterConfig plain(
            String name,
            Discovery discovery,
            Assignment endpoints,
            Duration connectTimeout,
            Optional<TlsConfig.Upstream> tls,
            Origin place) {
        return new ClusterConfig(
                name,
                discovery,
                endpoints,
                Balancer.ROUND_ROBIN,
                Protocol.HTTP2,
                connectTimeout,
                tls,
                List.of(),
                Duration.ofHours(1),
                Duration.ZERO,
                Duration.ZERO,
                OptionalInt.empty(),
                false,
                ListenerConfig.DEFAULT_BUFFER_BYTES,
                Optional.empty(),
                Optional.empty(),
                Http2.DEFAULT,
                Breakers.DEFAULT,
                List.of(),
                Optional.empty(),
                List.of(),
                place);
    }

    /** Whether an endpoint is a server in this process. */
    public boolean isLocal() {
        return localities().stream().flatMap(one -> one.hosts().stream()).anyMatch(one -> one.address()
                .isLocal());
    }

    /** What is spoken with some endpoint. */
    public Stream<TlsConfig.Upstream> allTls() {
        return Stream.concat(tls.stream(), tlsMatches.stream().flatMap(match -> match.tls().stream()));
    }

    /** Whether it needs nothing from elsewhere: no endpoints, no secrets. */
    public boolean isComplete() {
        return discovery.source().isEmpty()
                && allTls().allMatch(tls -> tls.secrets().all().isEmpty());
    }

    /** The endpoints as configured. */
    public List<Locality> localities() {
        return assignment.localities();
    }

    /** The same cluster with other endpoints. */
    public ClusterConfig with(Assignment other) {
        return new ClusterConfig(
                name,
                discovery,
                other,
                balancer,
                protocol,
                connectTimeout,
                tls,
                tlsMatches,
                idleTimeout,
                maxConnectionDuration,
                maxStreamDuration,
                requestsPerConnection,
                http1Trailers,
                bufferBytes,
                tcpKeepalive,
                bind,
                http2,
                breakers,
                hashPolicies,
                outlierDetection,
                healthChecks,
                place);
    }

    /**
     * How names become addresses.
     *
     * @param refresh after which names are asked for again, unless their records say otherwise and are respected
     * @param service under which a control plane names the endpoints (EDS), else empty
     * @param forgetsHealthy whether an endpoint that is no longer named goes although it passes its health checks
     * @param source where the endpoints come from (EDS)
     */
    public record Discovery(
            Type type,
            Duration refresh,
            boolean respectTtl,
            LookupFamily family,
            Resolver resolver,
            String service,
            boolean forgetsHealthy,
            Optional<ResourceSource> source) {
        /** One whose endpoints stand in the configuration, or that somebody names by other means. */
        public Discovery(
                Type type,
                Duration refresh,
                boolean respectTtl,
                LookupFamily family,
                Resolver resolver,
                String service,
                boolean forgetsHealthy) {
            this(type, refresh, respectTtl, family, resolver, service, forgetsHealthy, Optional.empty());
        }

        /** Envoy's cluster types. */
        public enum Type {
            STATIC,
            /** Every address is an endpoint. */
            STRICT_DNS,
            /** One endpoint, whose new connections go to the address found last. */
            LOGICAL_DNS,
            /** A control plane names the endpoints. */
            EDS
        }

        /** Envoy's {@code dns_lookup_family}. */
        public enum LookupFamily {
            AUTO,
            V4_ONLY,
            V6_ONLY,
            V4_PREFERRED,
            ALL
        }
    }

    /**
     * Who is asked for names, and how.
     *
     * @param servers instead of the system's, if any
     * @param rotate whether the servers are asked in changing order
     * @param tcp whether they are asked over TCP where no answer comes over UDP, and not only for long answers
     * @param search whether the system's search domains are tried
     * @param timeout of one question
     * @param tries how often each server is asked
     * @param maxPayload bytes of a datagram (EDNS)
     */
    public record Resolver(
            List<Endpoint> servers,
            boolean rotate,
            boolean tcp,
            boolean search,
            Duration timeout,
            int tries,
            int maxPayload) {
        public static final Resolver SYSTEM =
                new Resolver(List.of(), false, false, true, Duration.ofSeconds(2), 1, 4096);

        public Resolver {
            servers = List.copyOf(servers);
        }
    }

    /** Endpoints of one place. */
    public record Locality(
            String region, String zone, String subZone, int priority, int weight, Metadata metadata, List<Host> hosts) {
        public Locality {
            hosts = List.copyOf(hosts);
        }

        /** By hand for the sake of the start, as {@link Endpoint#hashCode}. */
        @Override
        public int hashCode() {
            return Objects.hash(region, zone, subZone, priority, weight);
        }

        /** The same place without its endpoints, at another level. */
        public Locality at(int otherPriority) {
            return new Locality(region, zone, subZone, otherPriority, weight, metadata, List.of());
        }

        /** The same place with other endpoints. */
        public Locality with(List<Host> others) {
            return new Locality(region, zone, subZone, priority, weight, metadata, others);
        }
    }

    /**
     * One endpoint as configured.
     *
     * @param additional further IP addresses of it, which are tried where the first one does not answer
     * @param healthPort 0 means its own port
     * @param checked whether active health checks have a say, where the cluster has some
     */
    public record Host(
            Endpoint address,
            List<Endpoint> additional,
            String hostname,
            int weight,
            HealthStatus health,
            int healthPort,
            Metadata metadata,
            boolean checked) {
        public Host {
            additional = List.copyOf(additional);
        }

        /** One that is checked like others. */
        public Host(
                Endpoint address,
                List<Endpoint> additional,
                String hostname,
                int weight,
                HealthStatus health,
                int healthPort,
                Metadata metadata) {
            this(address, additional, hostname, weight, health, healthPort, metadata, true);
        }

        /** The same elsewhere. */
        public Host at(Endpoint otherAddress, int otherWeight) {
            return new Host(otherAddress, additional, hostname, otherWeight, health, healthPort, metadata, checked);
        }

        /** Nothing but an address. */
        public static Host at(Endpoint address) {
            return new Host(address, List.of(), "", 1, HealthStatus.UNKNOWN, 0, Metadata.NONE);
        }
    }

    /** What the configuration says of an endpoint's health. */
    public enum HealthStatus {
        UNKNOWN,
        HEALTHY,
        UNHEALTHY,
        DRAINING,
        TIMEOUT,
        DEGRADED
    }

    /**
     * Which endpoint a call goes to.
     *
     * @param panicThreshold percent of healthy endpoints below which all are used (50)
     * @param bias the power by which calls under way take from a weight (LEAST_REQUEST with unequal weights)
     * @param subsets how requests choose among groups of endpoints, if they do
     */
    public record Balancer(
            Policy policy,
            int choices,
            double bias,
            long minimumRingSize,
            long maximumRingSize,
            int tableSize,
            double panicThreshold,
            SlowStart slowStart,
            boolean localityWeighted,
            Optional<Subsets> subsets) {
        public static final Balancer ROUND_ROBIN = new Balancer(
                Policy.ROUND_ROBIN, 2, 1, 1024, 8 << 20, 65537, 50, SlowStart.NONE, false, Optional.empty());

        /**
         * How an endpoint that is new or well again gets its share.
         *
         * @param window until it has all of it; zero means at once
         * @param aggression the share is the passed part of the window to the power of 1 over this
         * @param minimum of the share, 0 to 1
         */
        public record SlowStart(Duration window, double aggression, double minimum) {
            public static final SlowStart NONE = new SlowStart(Duration.ZERO, 1, 0.1);
        }

        /** The same with another policy. */
        public Balancer with(Policy other) {
            return new Balancer(
                    other,
                    choices,
                    bias,
                    minimumRingSize,
                    maximumRingSize,
                    tableSize,
                    panicThreshold,
                    slowStart,
                    localityWeighted,
                    subsets);
        }

        /** Envoy's {@code lb_policy}. */
        public enum Policy {
            ROUND_ROBIN,
            LEAST_REQUEST,
            RANDOM,
            RING_HASH,
            MAGLEV
        }
    }

    /** What is spoken with the backends. */
    public enum Protocol {
        HTTP1,
        HTTP2,
        /** By ALPN. */
        AUTO,
        /** What the browser speaks. */
        DOWNSTREAM
    }

    /**
     * TLS for the endpoints of which so much is said.
     *
     * @param criteria all of them must be in the metadata of the endpoint, or of its locality, with these values
     * @param tls absent: cleartext
     */
    public record TlsMatch(String name, Map<String, Object> criteria, Optional<TlsConfig.Upstream> tls) {}

    /** TCP keep-alive; absent parts are left to the system. */
    public record TcpKeepalive(OptionalInt probes, OptionalInt timeSeconds, OptionalInt intervalSeconds) {}

    /** Settings of HTTP/2 connections with backends; windows in bytes. */
    public record Http2(
            int maxConcurrentStreams,
            int streamWindow,
            int connectionWindow,
            HttpConfig.Keepalive keepalive,
            HttpConfig.OutboundFrames outbound) {
        public static final Http2 DEFAULT =
                new Http2(1024, 1 << 20, 8 << 20, HttpConfig.Keepalive.OFF, HttpConfig.OutboundFrames.DEFAULT);
    }

    /**
     * Circuit breakers of the two priorities.
     *
     * @param perEndpoint connections with each endpoint, which serve both priorities
     */
    public record Breakers(Thresholds normal, Thresholds high, long perEndpoint) {
        public static final Breakers DEFAULT = new Breakers(Thresholds.DEFAULT, Thresholds.DEFAULT, Thresholds.ANY);

        /** Retries may be this share of active requests, 0 to 100, and at least this many. */
        public record RetryBudget(double percent, int minimum) {}

        /**
         * Envoy's defaults are 1024, 1024, 1024 and 3; a retry budget is percent of active requests and a minimum.
         *
         * @param pools of connections: one for each endpoint, event loop and name that TLS asks for
         */
        public record Thresholds(
                long connections,
                long pending,
                long requests,
                long retries,
                Optional<RetryBudget> retryBudget,
                boolean trackRemaining,
                long pools) {
            /** No limit of its own. */
            public static final long ANY = 0xffffffffL;

            public static final Thresholds DEFAULT = new Thresholds(1024, 1024, 1024, 3, Optional.empty(), false, ANY);
        }
    }

    /** Envoy's outlier detection, all fields of the proto with their defaults filled in; percentages 0 to 100. */
    public record OutlierDetection(
            int consecutive5xx,
            int consecutiveGatewayFailure,
            int consecutiveLocalOriginFailure,
            Duration interval,
            Duration baseEjectionTime,
            Duration maxEjectionTime,
            int maxEjectionPercent,
            int enforcingConsecutive5xx,
            int enforcingConsecutiveGatewayFailure,
            int enforcingConsecutiveLocalOriginFailure,
            int enforcingSuccessRate,
            int successRateMinimumHosts,
            int successRateRequestVolume,
            int successRateStdevFactor,
            int failurePercentageThreshold,
            int enforcingFailurePercentage,
            int failurePercentageMinimumHosts,
            int failurePercentageRequestVolume,
            boolean splitExternalLocalOriginErrors,
            boolean alwaysEjectOne) {
        /** Envoy's, but that one endpoint may always be ejected. */
        public static final OutlierDetection DEFAULT = new OutlierDetection(
                5,
                5,
                5,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                10,
                100,
                0,
                100,
                100,
                5,
                100,
                1900,
                85,
                0,
                5,
                50,
                false,
                true);
    }

    /**
     * An active health check.
     *
     * @param host the authority of HTTP and gRPC checks, empty means the cluster's name
     * @param path of HTTP checks
     * @param service of gRPC checks
     * @param http2 whether HTTP checks use HTTP/2
     * @param expectedStatuses of HTTP checks, empty means 200
     * @param send of TCP checks, bytes as hex; empty means connecting is enough. Of HTTP checks: the body
     * @param receive bytes as hex that come back one after the other, with others between them: of TCP checks, and in the body
     *     of HTTP checks
     * @param method of HTTP checks
     * @param backend what an HTTP check must be told of the cluster that it came to, in
     *     {@code x-envoy-upstream-healthchecked-cluster}, if anything
     * @param bodyBytes how much of the body of HTTP checks is looked at; 0 for all of it
     */
    public record HealthCheck(
            Kind kind,
            Duration timeout,
            Duration interval,
            Duration initialJitter,
            Duration intervalJitter,
            int intervalJitterPercent,
            int unhealthyThreshold,
            int healthyThreshold,
            boolean reuseConnection,
            Duration noTrafficInterval,
            Duration unhealthyInterval,
            Duration unhealthyEdgeInterval,
            Duration healthyEdgeInterval,
            String host,
            String path,
            String service,
            boolean http2,
            List<RouteConfig.Range> expectedStatuses,
            HeaderRules headers,
            String send,
            List<String> receive,
            String method,
            Optional<StringMatch> backend,
            int bodyBytes) {
        /** Envoy's {@code response_buffer_size}. */
        public static final int BODY_BYTES = 1024;

        public HealthCheck {
            expectedStatuses = List.copyOf(expectedStatuses);
            receive = List.copyOf(receive);
        }

        /** What is asked of the backend. */
        public enum Kind {
            HTTP,
            GRPC,
            TCP
        }
    }
}
