package io.grpcweb.gateway.source.xds;

import com.google.protobuf.MessageLite;
import io.grpcweb.gateway.config.Resource;
import io.grpcweb.gateway.config.ResourceType;
import io.grpcweb.gateway.source.xds.proto.DeltaDiscoveryRequest;
import io.grpcweb.gateway.source.xds.proto.Node;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The kind of talk in which names are added and taken away, and answers bring what has changed. */
final class DeltaTalk extends Talk {
    /** What is in force, by name: a new stream begins with it. */
    private final Map<String, String> versions = new HashMap<>();

    private final Set<String> told = new TreeSet<>();

    DeltaTalk(ResourceType type) {
        super(type);
    }

    @Override
    void forgot(String name) {
        versions.remove(name);
    }

    @Override
    void openedAnew() {
        told.clear();
    }

    @Override
    void accept(Delivery delivery) {
        for (Resource resource : delivery.resources()) {
            versions.put(resource.name(), resource.version());
        }
        versions.keySet().removeAll(delivery.removed());
    }

    @Override
    MessageLite message(Node node, String refusal, boolean idle) {
        List<String> more =
                names().stream().filter(name -> !told.contains(name)).toList();
        List<String> less =
                told.stream().filter(name -> !names().contains(name)).toList();
        boolean first = !isAsked();
        boolean begins = first && type().isAll() && isWanted();
        if (idle && more.isEmpty() && less.isEmpty() && !begins) {
            return null;
        }
        DeltaDiscoveryRequest.Builder request = DeltaDiscoveryRequest.newBuilder()
                .setTypeUrl(type().url())
                .addAllResourceNamesSubscribe(more)
                .addAllResourceNamesUnsubscribe(less);
        if (first) {
            request.putAllInitialResourceVersions(versions);
        }
        if (!idle) {
            request.setResponseNonce(nonce());
        }
        if (node != null) {
            request.setNode(node);
        }
        if (refusal != null) {
            request.setErrorDetail(detail(refusal));
        }
        told.addAll(more);
        less.forEach(told::remove);
        return request.build();
    }
}
