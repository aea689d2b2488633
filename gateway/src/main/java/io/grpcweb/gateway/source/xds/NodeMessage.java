package io.grpcweb.gateway.source.xds;

import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.source.xds.proto.BuildVersion;
import io.grpcweb.gateway.source.xds.proto.Locality;
import io.grpcweb.gateway.source.xds.proto.Node;
import io.grpcweb.gateway.source.xds.proto.SemanticVersion;
import java.util.Map;

/** What the gateway says of itself. It names the Envoy whose API it speaks: control planes look at that to know what to send. */
public final class NodeMessage {
    private static final String AGENT = "envoy";
    private static final int MAJOR = 1;
    private static final int MINOR = 40;

    private NodeMessage() {}

    /** @param metadata protobuf's JSON of a struct */
    public static Node of(GatewayConfig.Node node, Map<String, Object> metadata) {
        Node.Builder message = Node.newBuilder()
                .setId(node.id())
                .setCluster(node.cluster())
                .setUserAgentName(AGENT)
                .setUserAgentBuildVersion(BuildVersion.newBuilder()
                        .setVersion(SemanticVersion.newBuilder()
                                .setMajorNumber(MAJOR)
                                .setMinorNumber(MINOR)));
        if (!node.locality().equals(GatewayConfig.Node.Locality.NOWHERE)) {
            message.setLocality(Locality.newBuilder()
                    .setRegion(node.locality().region())
                    .setZone(node.locality().zone())
                    .setSubZone(node.locality().subZone()));
        }
        if (!metadata.isEmpty()) {
            message.setMetadata(struct(metadata));
        }
        return message.build();
    }

    private static Struct struct(Map<?, ?> fields) {
        Struct.Builder struct = Struct.newBuilder();
        fields.forEach((name, value) -> struct.putFields(name.toString(), value(value)));
        return struct.build();
    }

    private static Value value(Object value) {
        Value.Builder out = Value.newBuilder();
        if (value instanceof Map<?, ?> map) {
            return out.setStructValue(struct(map)).build();
        }
        if (value instanceof Iterable<?> items) {
            ListValue.Builder list = ListValue.newBuilder();
            items.forEach(item -> list.addValues(value(item)));
            return out.setListValue(list).build();
        }
        if (value instanceof Boolean flag) {
            return out.setBoolValue(flag).build();
        }
        if (value instanceof Number number) {
            return out.setNumberValue(number.doubleValue()).build();
        }
        return value == null
                ? out.setNullValue(NullValue.NULL_VALUE).build()
                : out.setStringValue(value.toString()).build();
    }
}
