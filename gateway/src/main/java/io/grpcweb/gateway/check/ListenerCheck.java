package io.grpcweb.gateway.check;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.KeyPair;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.TlsConfig;
import io.grpcweb.gateway.downstream.FreeAddress;
import io.grpcweb.gateway.net.TlsFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at the addresses that the gateway would listen on, and at the certificates that it would show. */
final class ListenerCheck {
    private final Surroundings around;

    ListenerCheck(Surroundings around) {
        this.around = around;
    }

    List<Finding> of(GatewayConfig config) {
        List<Finding> findings = new ArrayList<>();
        for (ListenerConfig listener : config.listeners()) {
            port("listener " + listener.name(), listener.address()).ifPresent(findings::add);
            for (ListenerConfig.FilterChain chain : listener.chains()) {
                chain.tls().stream()
                        .flatMap(tls -> tls.identities().stream())
                        .flatMap(identity -> certificate(listener, identity).stream())
                        .forEach(findings::add);
            }
            config.clusters().forEach(cluster -> loop(listener, cluster).ifPresent(findings::add));
        }
        config.admin().flatMap(admin -> port("admin", admin.address())).ifPresent(findings::add);
        return findings;
    }

    private Optional<Finding> port(String what, Endpoint address) {
        if (!around.ports()) {
            return Optional.empty();
        }
        try {
            FreeAddress.require(address);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(Finding.broken(
                    what,
                    "",
                    e.getMessage(),
                    "end what listens there (ss -ltnp shows it), or take another port; if it is this gateway, which"
                            + " runs already, say --running"));
        }
    }

    private static Optional<Finding> certificate(ListenerConfig listener, TlsConfig.Identity identity) {
        String what = "listener " + listener.name();
        Optional<String> pair = KeyPair.problem(identity);
        if (pair.isPresent()) {
            return pair.map(problem -> Finding.broken(what, "", problem, "write a certificate and its key"));
        }
        try {
            var chain = List.of(TlsFiles.certificates(identity.chain()));
            return CertificateJudge.date(chain)
                    .map(cause -> Finding.broken(what, "", cause, "renew it, browsers refuse it"))
                    .or(() -> CertificateJudge.endsSoon(chain)
                            .map(cause -> Finding.doubtful(what, "", cause, "renew it in time")));
        } catch (IOException e) {
            return Optional.of(Finding.broken(what, "", e.getMessage(), "write a certificate in PEM"));
        }
    }

    /** A cluster whose endpoint is a listener: each call would come back until something runs out. */
    private static Optional<Finding> loop(ListenerConfig listener, ClusterConfig cluster) {
        return cluster.localities().stream()
                .flatMap(locality -> locality.hosts().stream())
                .map(ClusterConfig.Host::address)
                .filter(address -> isSame(listener.address(), address))
                .findFirst()
                .map(address -> Finding.broken(
                        "cluster " + cluster.name() + ", " + address,
                        cluster.place().text(),
                        "this is the listener " + listener.name() + " itself, so that each call would go round",
                        "write the address of the backend"));
    }

    private static boolean isSame(Endpoint listener, Endpoint endpoint) {
        if (listener.equals(endpoint)) {
            return endpoint.port() != 0;
        }
        return listener.hasPort()
                && listener.port() > 0
                && listener.port() == endpoint.port()
                && isLoopback(endpoint.host())
                && (isLoopback(listener.host())
                        || listener.host().equals("0.0.0.0")
                        || listener.host().equals("::"));
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
    }
}
