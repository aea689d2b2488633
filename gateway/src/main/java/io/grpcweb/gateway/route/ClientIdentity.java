package io.grpcweb.gateway.route;

import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.http.FieldValues;
import io.grpcweb.gateway.http.Hygiene;
import io.grpcweb.gateway.http.StreamInfo;
import io.netty.handler.codec.http2.Http2Headers;
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
    private static final AsciiString INTERNAL = AsciiString.cached("x-envoy-internal");

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final HttpConfig.Identity settings;
    private final Networks trustedProxies;
    private final Networks trustedCallers;
    private final ClientCertificateField certificate;

    ClientIdentity(HttpConfig.Identity settings) {
        this.settings = settings;
        this.trustedProxies = new Networks(settings.trustedProxies());
        this.trustedCallers = new Networks(settings.trustedCallers());
        this.certificate = new ClientCertificateField(settings.certificate());
    }

    /**
     * Completes the head.
     *
     * @param internalOnly fields that only a trusted caller may send
     */
    void apply(Http2Headers head, StreamInfo info, List<String> internalOnly) {
        // Proxies that add a line of their own write behind those that were there.
        CharSequence before = FieldValues.joined(head, FORWARDED_FOR);
        boolean trusted = isTrusted(before, info.connection.remote());
        if (trusted) {
            head.set(INTERNAL, "true");
        } else {
            Hygiene.removeControl(head);
            for (String field : internalOnly) {
                head.remove(field);
            }
        }
        certificate.apply(head, info.connection);
        String scheme = info.connection.isTls() ? "https" : "http";
        if (settings.useRemoteAddress()) {
            trustPeer(head, before, info.connection.remote(), trusted);
        } else if (before != null && before != head.get(FORWARDED_FOR)) {
            head.set(FORWARDED_FOR, before);
        }
        info.clientAddress = clientAddress(before, info.connection.remote());
        if (settings.forwardsPeer()
                || !trustedProxies.isEmpty() && !trustedProxies.contains(info.connection.remote())) {
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
        requestId(head, trusted);
    }

    private void trustPeer(Http2Headers head, CharSequence before, SocketAddress peer, boolean trusted) {
        String address = peer instanceof InetSocketAddress inet ? plain(inet.getAddress()) : null;
        if (address == null) {
            return;
        }
        if (!settings.skipXffAppend()) {
            head.set(FORWARDED_FOR, before == null ? address : before + "," + address);
        }
        if (trusted) {
            // What it says of the client is believed, as in Envoy.
            return;
        }
        String client = settings.trustedHops() == 0 ? address : nthFromRight(before, settings.trustedHops());
        head.set(EXTERNAL_ADDRESS, client == null ? address : client);
    }

    private void requestId(Http2Headers head, boolean trusted) {
        if (!settings.generateRequestId()) {
            return;
        }
        boolean edge = settings.useRemoteAddress() && !trusted && !settings.preserveExternalRequestId();
        if (edge || !head.contains(REQUEST_ID)) {
            head.set(REQUEST_ID, randomUuid());
        }
    }

    /** The address that x-forwarded-for says is the client's, for logs; null where it says nothing. */
    private String clientAddress(CharSequence before, SocketAddress peer) {
        if (!trustedProxies.isEmpty()) {
            return before != null && trustedProxies.contains(peer) ? lastOfOthers(before) : null;
        }
        return before == null || settings.useRemoteAddress() && settings.trustedHops() == 0
                ? null
                : nthFromRight(
                        before, settings.useRemoteAddress() ? settings.trustedHops() : settings.trustedHops() + 1);
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
            if (!trustedProxies.contains(new InetSocketAddress(address, 0))) {
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

    /**
     * Whether Envoy's control fields are obeyed: the caller's address is in a network that the configuration trusts, and nobody
     * else stands between (Envoy's internal requests). Where the peer's address does not count, that is the only one in
     * {@code x-forwarded-for}.
     */
    private boolean isTrusted(CharSequence before, SocketAddress peer) {
        if (trustedCallers.isEmpty()) {
            return false;
        }
        if (settings.useRemoteAddress()) {
            return before == null && trustedCallers.contains(peer);
        }
        return before != null
                && settings.trustedHops() == 0
                && trustedProxies.isEmpty()
                && trustedCallers.contains(before.toString().strip());
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
