package io.grpcweb.gateway.source.xds;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.grpcweb.gateway.config.ProtoContent;
import io.grpcweb.gateway.config.Resource;
import io.grpcweb.gateway.config.ResourceType;
import io.grpcweb.gateway.source.xds.proto.DeltaDiscoveryResponse;
import io.grpcweb.gateway.source.xds.proto.DiscoveryResponse;
import io.grpcweb.gateway.source.xds.proto.WrappedResource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Takes responses apart. What is wrong with a response makes it one that is refused as a whole. */
final class Unpacking {
    private static final String WRAPPER = "type.googleapis.com/envoy.service.discovery.v3.Resource";

    /** The name of each kind of resource is its first field: its tag. */
    private static final int NAME = 1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

    private final String url;
    private final String version;
    private final List<Resource> resources = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private final Set<String> problems = new LinkedHashSet<>();

    private Unpacking(String url, String version) {
        this.url = url;
        this.version = version;
    }

    /** A response of the kind that brings everything each time. */
    static Answer world(byte[] bytes) throws InvalidProtocolBufferException {
        DiscoveryResponse response = DiscoveryResponse.parseFrom(bytes);
        Unpacking unpacking = new Unpacking(response.getTypeUrl(), response.getVersionInfo());
        response.getResourcesList()
                .forEach(any -> unpacking.add(any, "", response.getVersionInfo(), "duplicate %s found"));
        return unpacking.answer(response.getNonce(), response.getControlPlane().getIdentifier(), Set.of(), true);
    }

    /** A response of the kind that brings what has changed. */
    static Answer delta(byte[] bytes) throws InvalidProtocolBufferException {
        DeltaDiscoveryResponse response = DeltaDiscoveryResponse.parseFrom(bytes);
        Unpacking unpacking = new Unpacking(response.getTypeUrl(), response.getSystemVersionInfo());
        for (WrappedResource one : response.getResourcesList()) {
            unpacking.add(
                    one.getResource(),
                    one.getName(),
                    one.getVersion(),
                    "duplicate name %s found among added/updated resources");
        }
        return unpacking.answer(
                response.getNonce(),
                response.getControlPlane().getIdentifier(),
                Set.copyOf(response.getRemovedResourcesList()),
                false);
    }

    private void add(Any any, String name, String itsVersion, String duplicate) {
        if (any.getTypeUrl().equals(WRAPPER)) {
            unwrap(any.getValue(), duplicate);
            return;
        }
        if (!any.getTypeUrl().equals(url)) {
            problems.add(any.getTypeUrl() + " does not match the message-wide type URL " + url + " in DiscoveryResponse"
                    + (name.isEmpty() ? "" : ": " + name));
            return;
        }
        try {
            String own = nameIn(any.getValue());
            String known = name.isEmpty() ? own : name;
            if (!names.add(known)) {
                problems.add(String.format(duplicate, noun() + known));
            }
            resources.add(new Resource(
                    url, known, itsVersion, new ProtoContent(any.getValue().toByteArray())));
        } catch (IOException e) {
            String message = url.substring(url.lastIndexOf('/') + 1);
            problems.add(
                    "Unable to unpack as " + message + ": " + (name.isEmpty() ? "" : name + ": ") + e.getMessage());
        }
    }

    private void unwrap(ByteString wrapped, String duplicate) {
        try {
            WrappedResource one = WrappedResource.parseFrom(wrapped);
            String own = one.getVersion().isEmpty() ? version : one.getVersion();
            add(one.getResource(), one.getName(), own, duplicate);
        } catch (InvalidProtocolBufferException e) {
            problems.add("Unable to unpack as envoy.service.discovery.v3.Resource: " + e.getMessage());
        }
    }

    private String noun() {
        return ResourceType.of(url)
                .map(type -> switch (type) {
                    case CLUSTER -> "cluster ";
                    case LISTENER -> "listener ";
                    default -> "";
                })
                .orElse("");
    }

    private Answer answer(String nonce, String identifier, Set<String> removed, boolean whole) {
        return new Answer(
                url,
                nonce,
                identifier,
                new Delivery(version, List.copyOf(resources), removed, whole),
                problems.isEmpty() ? null : String.join("\n", problems));
    }

    /** Reads over all fields, so that what is no message at all is noticed. */
    private static String nameIn(ByteString message) throws IOException {
        CodedInputStream in = message.newCodedInput();
        String name = "";
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == NAME) {
                name = in.readStringRequireUtf8();
            } else {
                in.skipField(tag);
            }
        }
        return name;
    }
}
