package io.grpcweb.gateway.schema;

import com.google.protobuf.Descriptors.Descriptor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The shapes of the messages that were looked at. */
final class MessageShapes {
    private final Map<Descriptor, MessageShape> shapes = new ConcurrentHashMap<>();

    MessageShape of(Descriptor message) {
        MessageShape known = shapes.get(message);
        return known != null ? known : shapes.computeIfAbsent(message, MessageShape::new);
    }
}
