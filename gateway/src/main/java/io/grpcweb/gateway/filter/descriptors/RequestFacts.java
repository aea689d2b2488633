package io.grpcweb.gateway.filter.descriptors;

import io.grpcweb.gateway.config.RateLimit.Action;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.FieldValues;
import io.grpcweb.gateway.http.StreamInfo;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;

/** What the actions of rate limits look at; the query is parsed when one of them first asks for it. */
final class RequestFacts {
    private final Exchange exchange;
    private final Http2Headers head;
    private final String sourceCluster;
    private Map<String, List<String>> query;

    RequestFacts(Exchange exchange, Http2Headers head, String sourceCluster) {
        this.exchange = exchange;
        this.head = head;
        this.sourceCluster = sourceCluster;
    }

    /** Adds what an action makes of the request; false where there is no descriptor without it. */
    boolean entry(Action action, List<Descriptor.Entry> to) {
        if (action instanceof Action.GenericKey constant) {
            return add(constant.key(), constant.value(), to);
        }
        if (action instanceof Action.RequestHeader header) {
            CharSequence value = head.get(header.name());
            return value == null ? header.maybe() : add(header.key(), value.toString(), to);
        }
        if (action instanceof Action.QueryParameter parameter) {
            String value = parameter(parameter.name());
            return value == null ? parameter.maybe() : add(parameter.key(), value, to);
        }
        if (action instanceof Action.Metadata metadata) {
            return metadata(metadata, to);
        }
        if (action instanceof Action.HeaderMatches where) {
            return matches(where) == where.expected() && add(where.key(), where.value(), to);
        }
        if (action instanceof Action.QueryMatches where) {
            return matches(where) == where.expected() && add(where.key(), where.value(), to);
        }
        if (action instanceof Action.RemoteAddress) {
            String address = clientAddress();
            return address != null && add("remote_address", address, to);
        }
        if (action instanceof Action.MaskedRemoteAddress mask) {
            String masked = masked(clientAddress(), mask);
            return masked != null && add("masked_remote_address", masked, to);
        }
        if (action instanceof Action.SourceCluster) {
            return add("source_cluster", sourceCluster, to);
        }
        String cluster = exchange.info().cluster;
        return cluster != null && add("destination_cluster", cluster, to);
    }

    private static boolean add(String key, String value, List<Descriptor.Entry> to) {
        to.add(new Descriptor.Entry(key, value));
        return true;
    }

    private boolean metadata(Action.Metadata metadata, List<Descriptor.Entry> to) {
        Object found =
                metadata.ofRoute() ? exchange.info().routeMetadata.at(metadata.path()) : metadata(metadata.path());
        String value = found instanceof String text && !text.isEmpty() ? text : metadata.otherwise();
        return value.isEmpty() ? metadata.maybe() : add(metadata.key(), value, to);
    }

    StreamInfo info() {
        return exchange.info();
    }

    Object metadata(List<String> path) {
        StreamInfo info = exchange.info();
        return info.metadata == null ? null : info.metadata.at(path);
    }

    private boolean matches(Action.HeaderMatches where) {
        for (RouteConfig.HeaderMatch wanted : where.headers()) {
            if (!wanted.fits(FieldValues.joined(head, wanted.name()))) {
                return false;
            }
        }
        return true;
    }

    private boolean matches(Action.QueryMatches where) {
        for (RouteConfig.QueryMatch wanted : where.parameters()) {
            if (!wanted.fits(parameter(wanted.name()))) {
                return false;
            }
        }
        return true;
    }

    /** The first value of a parameter; null where there is none. */
    private String parameter(String name) {
        if (query == null) {
            String path = head.path() == null ? "" : head.path().toString();
            query = new QueryStringDecoder(path).parameters();
        }
        List<String> values = query.get(name);
        return values == null || values.isEmpty() ? null : values.get(0);
    }

    /** In digits; null where the client has none, as one on a Unix socket. */
    private String clientAddress() {
        StreamInfo info = exchange.info();
        String address = info.clientAddress == null ? info.connection.remoteHost() : info.clientAddress;
        return address != null && NetUtil.createInetAddressFromIpAddressString(address) != null ? address : null;
    }

    private static String masked(String address, Action.MaskedRemoteAddress mask) {
        if (address == null) {
            return null;
        }
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        int bits = bytes.length == 4 ? mask.bitsV4() : mask.bitsV6();
        for (int i = 0; i < bytes.length; i++) {
            int kept = Math.max(0, Math.min(8, bits - 8 * i));
            bytes[i] &= (byte) (0xff00 >> kept);
        }
        try {
            return NetUtil.toAddressString(InetAddress.getByAddress(bytes)) + "/" + bits;
        } catch (UnknownHostException e) {
            // Four or sixteen bytes always are an address.
            throw new IllegalArgumentException(e);
        }
    }
}
