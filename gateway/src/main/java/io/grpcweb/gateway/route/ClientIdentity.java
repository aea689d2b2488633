package io.grpcweb.gateway.route;

import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.http.FieldValues;
import io.grpcweb.gateway.http.Hygiene;
import io.grpcweb.gateway.http.StreamInfo;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.AsciiString;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Whom a request is from: the fields that say so are believed, written or taken off as the configuration has it (Envoy's
 * conn_manager_utility, mutateRequestHeaders).
 */
final class ClientIdentity {
    private static final AsciiString FORWARDED_FOR = AsciiString.cached("x-forwarded-for");
    private static final AsciiString FORWARDED_PROTO = AsciiString.cached("x-forwarded-proto");
    private static final AsciiString REQUEST_ID = AsciiString.cached("x-request-id");
    private static final AsciiString EXTERNAL_ADDRESS = AsciiString.cached("x-envoy-external-address");
    private static final AsciiString CLIENT_CERTIFICATE = AsciiString.cached("x-forwarded-client-cert");

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final HttpConfig.Identity settings;
    private final List<IpSubnetFilterRule> trustedProxies;

    ClientIdentity(HttpConfig.Identity settings) {
        this.settings = settings;
        this.trustedProxies = settings.trustedProxies().stream()
                .map(network -> {
                    int slash = network.indexOf('/');
                    return new IpSubnetFilterRule(
                            network.substring(0, slash),
                            Integer.parseInt(network.substring(slash + 1)),
                            IpFilterRuleType.ACCEPT);
                })
                .toList();
    }

    /** Completes the head. */
    void apply(Http2Headers head, StreamInfo info) {
        // Proxies that add a line of their own write behind those that were there.
        CharSequence before = FieldValues.joined(head, FORWARDED_FOR);
        if (!isTrusted(before, info.connection.remote())) {
            Hygiene.removeControl(head);
        }
        head.remove(CLIENT_CERTIFICATE);
        String scheme = info.connection.isTls() ? "https" : "http";
        if (settings.useRemoteAddress()) {
            trustPeer(head, before, info.connection.remote());
        } else if (before != null && before != head.get(FORWARDED_FOR)) {
            head.set(FORWARDED_FOR, before);
        }
        info.clientAddress = clientAddress(before, info.connection.remote());
        if (settings.forwardsPeer() || !trustedProxies.isEmpty() && !isTrustedProxy(info.connection.remote())) {
            // As in Envoy, whoever is no proxy of our own is written down in any case.
            forwardPeer(head, before, info.connection.remote());
        }
        if ((settings.useRemoteAddress() && settings.trustedHops() == 0) || !head.contains(FORWARDED_PROTO)) {
            head.set(FORWARDED_PROTO, scheme);
        }
        if (head.scheme() == null) {
            CharSequence proto = FieldValues.joined(head, FORWARDED_PROTO);
            head.scheme("https".contentEquals(proto) || "http".contentEquals(proto) ? proto : scheme);
        }
        requestId(head);
    }

    private void trustPeer(Http2Headers head, CharSequence before, SocketAddress peer) {
        String address = peer instanceof InetSocketAddress inet ? plain(inet.getAddress()) : null;
        if (address == null) {
            return;
        }
        if (!settings.skipXffAppend()) {
            head.set(FORWARDED_FOR, before == null ? address : before + "," + address);
        }
        String client = settings.trustedHops() == 0 ? address : nthFromRight(before, settings.trustedHops());
        head.set(EXTERNAL_ADDRESS, client == null ? address : client);
    }

    private void requestId(Http2Headers head) {
        if (!settings.generateRequestId()) {
            return;
        }
        boolean edge = settings.useRemoteAddress() && !settings.preserveExternalRequestId();
        if (edge || !head.contains(REQUEST_ID)) {
            head.set(REQUEST_ID, randomUuid());
        }
    }

    /** The address that x-forwarded-for says is the client's, for logs; null where it says nothing. */
    private String clientAddress(CharSequence before, SocketAddress peer) {
        if (!trustedProxies.isEmpty()) {
            return before != null && isTrustedProxy(peer) ? lastOfOthers(before) : null;
        }
        return before == null || settings.useRemoteAddress() && settings.trustedHops() == 0
                ? null
                : nthFromRight(
                        before, settings.useRemoteAddress() ? settings.trustedHops() : settings.trustedHops() + 1);
    }

    private boolean isTrustedProxy(SocketAddress address) {
        return address instanceof InetSocketAddress inet
                && trustedProxies.stream().anyMatch(network -> network.matches(inet));
    }

    /** The last address of a list that is no trusted proxy; null where something else comes before it. */
    private String lastOfOthers(CharSequence list) {
        String[] addresses = list.toString().split(",", -1);
        for (int i = addresses.length - 1; i >= 0; i--) {
            String text = addresses[i].strip();
            InetAddress address = NetUtil.createInetAddressFromIpAddressString(text);
            if (address == null) {
                return null;
            }
            if (!isTrustedProxy(new InetSocketAddress(address, 0))) {
                return text;
            }
        }
        return null;
    }

    private static void forwardPeer(Http2Headers head, CharSequence before, SocketAddress peer) {
        if (peer instanceof InetSocketAddress inet) {
            String address = plain(inet.getAddress());
            head.set(FORWARDED_FOR, before == null ? address : before + "," + address);
        }
    }

    private static String nthFromRight(CharSequence list, int position) {
        if (list == null) {
            return null;
        }
        String[] addresses = list.toString().split(",", -1);
        if (position < 1 || position > addresses.length) {
            return null;
        }
        String address = addresses[addresses.length - position].strip();
        // What is no address is nobody's: it would end up in logs and in what backends trust.
        return NetUtil.createInetAddressFromIpAddressString(address) == null ? null : address;
    }

    /** As Envoy without internal_address_config: a private address alone is no reason to obey. */
    private boolean isTrusted(CharSequence before, SocketAddress peer) {
        return settings.trustPrivate()
                && settings.useRemoteAddress()
                && before == null
                && peer instanceof InetSocketAddress inet
                && (inet.getAddress().isSiteLocalAddress() || inet.getAddress().isLoopbackAddress());
    }

    private static String plain(InetAddress address) {
        return NetUtil.toAddressString(address);
    }

    /** A version 4 UUID; it names a request, it is no secret, so the cheap generator is enough. */
    private static AsciiString randomUuid() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = random.nextLong() & 0xffffffffffff0fffL | 0x4000L;
        long low = random.nextLong() & 0x3fffffffffffffffL | 0x8000000000000000L;
        byte[] out = new byte[36];
        hex(out, 0, high >>> 32, 8);
        hex(out, 9, high >>> 16, 4);
        hex(out, 14, high, 4);
        hex(out, 19, low >>> 48, 4);
        hex(out, 24, low, 12);
        out[8] = out[13] = out[18] = out[23] = '-';
        return new AsciiString(out, false);
    }

    private static void hex(byte[] to, int at, long value, int digits) {
        for (int i = digits - 1; i >= 0; i--) {
            to[at + digits - 1 - i] = HEX[(int) (value >>> 4 * i) & 15];
        }
    }
}
