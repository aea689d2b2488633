package io.grpcweb.gateway.source.xds;

import com.google.protobuf.MessageLite;
import io.grpcweb.gateway.config.ResourceType;
import io.grpcweb.gateway.source.xds.proto.DiscoveryRequest;
import io.grpcweb.gateway.source.xds.proto.Node;

/** The kind of talk in which each request names all that is wanted, and each answer brings all there is. */
final class WorldTalk extends Talk {
    private String version = "";

    WorldTalk(ResourceType type) {
        super(type);
    }

    @Override
    void forgot(String name) {
        // The version is that of all of them.
    }

    @Override
    void openedAnew() {
        // The version goes on: it says what is in force.
    }

    @Override
    void accept(Delivery delivery) {
        version = delivery.version();
    }

    @Override
    MessageLite message(Node node, String refusal, boolean idle) {
        if (!isAsked() && !isWanted()) {
            return null;
        }
        if (!isAsked() && !type().isAll() && names().isEmpty()) {
            // No name in a first request means all names.
            return null;
        }
        DiscoveryRequest.Builder request = DiscoveryRequest.newBuilder()
                .setTypeUrl(type().url())
                .setVersionInfo(version)
                .setResponseNonce(nonce())
                .addAllResourceNames(names());
        if (node != null) {
            request.setNode(node);
        }
        if (refusal != null) {
            request.setErrorDetail(detail(refusal));
        }
        return request.build();
    }
}
