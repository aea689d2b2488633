package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.config.Assignment;
import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.upstream.Cluster;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * EDS: the endpoints that control planes name by service, and the clusters that take them, warming ones among them. What is
 * known of a service is given at once to a cluster that takes the place of another one, and is forgotten with the last cluster
 * that wants it. Any thread.
 */
public final class Assignments {
    private final Map<String, Service> services = new LinkedHashMap<>();
    private Runnable listener = () -> {};

    /** A service that some cluster wants the endpoints of. */
    private static final class Service {
        private final Set<Cluster> clusters = new LinkedHashSet<>();
        private Assignment known;
    }

    /**
     * Puts endpoints in force in every cluster that takes them from the service; nothing where there is none. An empty
     * assignment is what is given where no answer came in time: the clusters go on without endpoints.
     */
    public synchronized void assign(String service, Assignment assignment) {
        Service found = services.get(service);
        if (found != null) {
            found.known = assignment;
            found.clusters.forEach(cluster -> cluster.assign(assignment));
        }
    }

    /** What was last said of a service. */
    public synchronized Optional<Assignment> known(String service) {
        return Optional.ofNullable(services.get(service)).map(found -> found.known);
    }

    /** The names of the services whose endpoints are wanted. */
    public synchronized Set<String> services() {
        return Set.copyOf(services.keySet());
    }

    /** {@code action} runs, on some thread, whenever {@link #services} gives other names. */
    public synchronized void onServices(Runnable action) {
        listener = action;
    }

    /** A cluster begins to want endpoints. */
    void join(Cluster cluster) {
        Runnable told = null;
        synchronized (this) {
            if (cluster.config().discovery().type() == ClusterConfig.Discovery.Type.EDS) {
                String name = cluster.config().discovery().service();
                if (!services.containsKey(name)) {
                    services.put(name, new Service());
                    told = listener;
                }
                Service service = services.get(name);
                service.clusters.add(cluster);
                if (service.known != null) {
                    cluster.assign(service.known);
                }
            }
        }
        if (told != null) {
            told.run();
        }
    }

    /** It wants none any more. */
    void leave(Cluster cluster) {
        Runnable told = null;
        synchronized (this) {
            String name = cluster.config().discovery().service();
            Service service = services.get(name);
            if (service != null && service.clusters.remove(cluster) && service.clusters.isEmpty()) {
                services.remove(name);
                told = listener;
            }
        }
        if (told != null) {
            told.run();
        }
    }
}
