package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.Addresses;
import io.grpcweb.gateway.config.Assignment;
import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.ClusterConfig.Discovery;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.Metadata;
import io.grpcweb.gateway.config.Origin;
import io.grpcweb.gateway.config.PemFiles;
import io.grpcweb.gateway.config.TlsConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Services that a file names by a target of gRPC (Envoy's {@code google_grpc}) and not by a cluster. Each is called through a
 * cluster of its own, which is made of the target and bears its name; two services with the same target and the same
 * credentials share it. Like a channel of gRPC such a cluster goes to one address at a time ({@code pick_first}).
 */
final class GrpcTargets {
    /** Of a target that names none, see gRPC's naming document. */
    private static final int USUAL_PORT = 443;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration REFRESH = Duration.ofSeconds(30);

    private final Reading reading;

    GrpcTargets(Reading reading) {
        this.reading = reading;
    }

    /** The service that a {@code GoogleGrpc} names; empty where it is broken, which is reported. */
    Optional<GrpcTarget> read(Msg google) {
        if (reading.otherClusters != null) {
            reading.error(
                    google,
                    "target_uri",
                    "not supported by this gateway: a resource from elsewhere makes no cluster; write envoy_grpc with one");
            return Optional.empty();
        }
        Optional<Address> parsed = Address.parse(google.text("target_uri"));
        if (parsed.isEmpty()) {
            reading.error(
                    google,
                    "target_uri",
                    "not supported by this gateway: '" + google.text("target_uri")
                            + "'; write HOST:PORT, dns:///HOST:PORT, ipv4:ADDRESS:PORT, ipv6:[ADDRESS]:PORT or unix:PATH");
            return Optional.empty();
        }
        Address address = parsed.get();
        Optional<Msg> credentials = google.message("channel_credentials");
        if (credentials.isPresent()
                && credentials.get().has("local_credentials")
                && !address.endpoint().isPipe()) {
            reading.error(
                    credentials.get(), "local_credentials", "local credentials are for socket files: write unix:PATH");
        }
        Optional<Msg> ssl = credentials.flatMap(one -> one.message("ssl_credentials"));
        Optional<TlsConfig.Upstream> tls = ssl.map(one -> tls(one, address));
        String name = name(address, tls, google);
        return Optional.of(new GrpcTarget(name, address.authority()));
    }

    /** The name of the cluster for an address and its TLS; it is made where there is none yet. */
    private String name(Address address, Optional<TlsConfig.Upstream> tls, Msg google) {
        String first = "google_grpc:" + address.endpoint();
        String name = first;
        for (int i = 2; ; i++) {
            ClusterConfig made = cluster(name, address.endpoint(), tls, new Origin(google.place()));
            ClusterConfig other = reading.targets.putIfAbsent(name, made);
            if (!reading.staticClusters.contains(name) && (other == null || other.equals(made))) {
                return name;
            }
            name = first + "#" + i;
        }
    }

    private static ClusterConfig cluster(
            String name, Endpoint endpoint, Optional<TlsConfig.Upstream> tls, Origin place) {
        boolean named = !endpoint.isPipe() && !Addresses.isIp(endpoint.host());
        return ClusterConfig.plain(
                name,
                new Discovery(
                        named ? Discovery.Type.LOGICAL_DNS : Discovery.Type.STATIC,
                        REFRESH,
                        false,
                        Discovery.LookupFamily.ALL,
                        ClusterConfig.Resolver.SYSTEM,
                        "",
                        false),
                Assignment.of(List.of(new ClusterConfig.Locality(
                        "", "", "", 0, 1, Metadata.NONE, List.of(ClusterConfig.Host.at(endpoint))))),
                CONNECT_TIMEOUT,
                tls,
                place);
    }

    /** As gRPC's: the certificate must be trusted and for the host of the target. */
    private TlsConfig.Upstream tls(Msg ssl, Address address) {
        Optional<TlsConfig.Source> ca = ssl.message("root_certs").map(source -> {
            TlsConfig.Source found = DataSources.source(source, reading);
            PemFiles.certificateProblem(found)
                    .ifPresent(problem -> reading.error(source, source.which("specifier"), problem));
            return found;
        });
        Optional<Msg> chain = ssl.message("cert_chain");
        Optional<Msg> key = ssl.message("private_key");
        if (chain.isPresent() != key.isPresent()) {
            reading.error(ssl, "", "cert_chain and private_key go together");
        }
        Optional<TlsConfig.Identity> identity = chain.isPresent() && key.isPresent()
                ? Optional.of(Tls.identity(chain.get(), key.get(), Optional.empty(), reading))
                : Optional.empty();
        boolean pipe = address.endpoint().isPipe();
        return new TlsConfig.Upstream(
                pipe ? Optional.empty() : Optional.of(address.endpoint().host()),
                false,
                false,
                true,
                ca,
                !pipe,
                List.of(),
                identity,
                List.of(),
                TlsConfig.Upstream.SESSION_KEYS,
                TlsConfig.Params.DEFAULT);
    }

    /**
     * Where a target leads.
     *
     * @param authority that gRPC calls it by
     */
    private record Address(Endpoint endpoint, String authority) {
        static Optional<Address> parse(String target) {
            if (target.startsWith("unix:")) {
                String path = target.substring(5);
                String plain = path.startsWith("///") ? path.substring(2) : path;
                return plain.isEmpty() ? Optional.empty() : Optional.of(new Address(Endpoint.pipe(plain), "localhost"));
            }
            String path = target;
            for (String scheme : List.of("dns:", "ipv4:", "ipv6:", "passthrough:")) {
                if (target.startsWith(scheme)) {
                    path = withoutAuthority(target.substring(scheme.length()));
                }
            }
            Optional<Endpoint> endpoint = Endpoint.parse(path).filter(Endpoint::hasPort);
            String named = path;
            return endpoint.or(() -> Endpoint.parse(named + ":" + USUAL_PORT).filter(Endpoint::hasPort))
                    .map(found -> new Address(found, named));
        }

        /** The path of a target; the servers that are to be asked for names ({@code dns://SERVER/NAME}) are the system's. */
        private static String withoutAuthority(String rest) {
            if (!rest.startsWith("//")) {
                return rest;
            }
            int slash = rest.indexOf('/', 2);
            return slash < 0 ? "" : rest.substring(slash + 1);
        }
    }
}
