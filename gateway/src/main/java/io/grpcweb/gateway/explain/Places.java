package io.grpcweb.gateway.explain;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.Origin;

/** Where what decides about a call comes from, in words; empty texts are not printed. */
public interface Places {
    /** Everything stands in a file, and says where. */
    Places FILE = new Places() {
        @Override
        public String listener(ListenerConfig listener) {
            return "";
        }

        @Override
        public Of routes(ListenerConfig listener, ListenerConfig.FilterChain chain) {
            return Origin::text;
        }

        @Override
        public String cluster(ClusterConfig cluster) {
            return cluster.place().text();
        }
    };

    /** Of a listener as a whole. */
    String listener(ListenerConfig listener);

    /** Of the routes of a filter chain. */
    Of routes(ListenerConfig listener, ListenerConfig.FilterChain chain);

    /** Of a cluster and its endpoints. */
    String cluster(ClusterConfig cluster);

    /** The text of a place. */
    @FunctionalInterface
    interface Of {
        String text(Origin place);
    }
}
