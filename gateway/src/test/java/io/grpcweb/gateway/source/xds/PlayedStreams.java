package io.grpcweb.gateway.source.xds;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpcweb.gateway.config.ControlPlane;
import io.grpcweb.gateway.config.ResourceType;
import io.grpcweb.gateway.source.xds.proto.DeltaDiscoveryRequest;
import io.grpcweb.gateway.source.xds.proto.DeltaDiscoveryResponse;
import io.grpcweb.gateway.source.xds.proto.DiscoveryRequest;
import io.grpcweb.gateway.source.xds.proto.DiscoveryResponse;
import io.grpcweb.gateway.source.xds.proto.WrappedResource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Streams whose other end is a test: what is sent is written down in short lines, what comes is said by the test. */
final class PlayedStreams implements StreamOpener {
    final List<String> opened = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private final boolean delta;
    private Listener listener;

    PlayedStreams(boolean delta) {
        this.delta = delta;
    }

    @Override
    public Stream open(ControlPlane plane, String method, Listener newListener) {
        opened.add(method);
        listener = newListener;
        return new Stream() {
            @Override
            public void send(byte[] message) {
                lines.add(delta ? delta(message) : world(message));
            }

            @Override
            public void cancel() {
                lines.add("cancel");
            }
        };
    }

    /** What was sent since the last question. */
    List<String> sent() {
        List<String> out = List.copyOf(lines);
        lines.clear();
        return out;
    }

    void reached() {
        listener.reached();
    }

    void end(int code) {
        listener.closed(code, "");
    }

    void say(byte[] message) {
        listener.received(message);
    }

    /** A response of everything: resources as {@code name=content}. */
    void world(ResourceType type, String version, String... resources) {
        say(worldBytes(type, type.url(), version, resources));
    }

    static byte[] worldBytes(ResourceType type, String anyUrl, String version, String... resources) {
        DiscoveryResponse.Builder response = DiscoveryResponse.newBuilder()
                .setTypeUrl(type.url())
                .setVersionInfo(version)
                .setNonce("n" + version);
        for (String one : resources) {
            response.addResources(any(anyUrl, one));
        }
        return response.build().toByteArray();
    }

    /** A response of changes; a name with a minus before it is gone. */
    void delta(ResourceType type, String version, String... resources) {
        DeltaDiscoveryResponse.Builder response = DeltaDiscoveryResponse.newBuilder()
                .setTypeUrl(type.url())
                .setSystemVersionInfo(version)
                .setNonce("n" + version);
        for (String one : resources) {
            if (one.startsWith("-")) {
                response.addRemovedResources(one.substring(1));
            } else {
                response.addResources(WrappedResource.newBuilder()
                        .setName(one.substring(0, one.indexOf('=')))
                        .setVersion(version)
                        .setResource(any(type.url(), one)));
            }
        }
        say(response.build().toByteArray());
    }

    /** Field 1 is the name, field 2 a text: enough of a resource for a protocol that does not look into it. */
    private static Any any(String url, String one) {
        String name = one.substring(0, one.indexOf('='));
        String content = one.substring(one.indexOf('=') + 1);
        byte[] bytes = ((char) 0x0a + "" + (char) name.length() + name + (char) 0x12 + (char) content.length()
                        + content)
                .getBytes(StandardCharsets.ISO_8859_1);
        return Any.newBuilder()
                .setTypeUrl(url)
                .setValue(ByteString.copyFrom(bytes))
                .build();
    }

    private static String world(byte[] bytes) {
        try {
            DiscoveryRequest request = DiscoveryRequest.parseFrom(bytes);
            return kind(request.getTypeUrl())
                    + " v=" + request.getVersionInfo()
                    + " n=" + request.getResponseNonce()
                    + " " + request.getResourceNamesList()
                    + (request.hasNode() ? " by " + request.getNode().getId() : "")
                    + (request.hasErrorDetail()
                            ? " refused " + request.getErrorDetail().getCode() + " "
                                    + request.getErrorDetail().getMessage()
                            : "");
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static String delta(byte[] bytes) {
        try {
            DeltaDiscoveryRequest request = DeltaDiscoveryRequest.parseFrom(bytes);
            return kind(request.getTypeUrl())
                    + " n=" + request.getResponseNonce()
                    + " +" + request.getResourceNamesSubscribeList()
                    + " -" + request.getResourceNamesUnsubscribeList()
                    + (request.getInitialResourceVersionsCount() > 0
                            ? " has "
                                    + request.getInitialResourceVersionsMap().entrySet().stream()
                                            .map(Object::toString)
                                            .sorted()
                                            .collect(Collectors.joining(","))
                            : "")
                    + (request.hasErrorDetail()
                            ? " refused " + request.getErrorDetail().getMessage()
                            : "");
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static String kind(String url) {
        return Arrays.stream(ResourceType.values())
                .filter(type -> type.url().equals(url))
                .map(ResourceType::name)
                .findFirst()
                .orElse(url);
    }
}
