package io.grpcweb.gateway.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The IP addresses that begin with the same bits (RFC 4632): Envoy's {@code CidrRange}.
 *
 * @param text such as {@code 10.0.0.0/8}
 * @param high the first eight bytes of an IPv6 address; 0 for IPv4
 * @param low the other eight bytes, or the four of an IPv4 address
 * @param bits how many of them count
 */
public record IpRange(String text, boolean v6, long high, long low, int bits) {
    private static final int V4_BITS = 32;
    private static final int V6_BITS = 128;

    /** An address with the number of bits behind a slash, or alone; empty where it is none. */
    public static Optional<IpRange> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return of(text, V6_BITS);
        }
        String bits = text.substring(slash + 1);
        return bits.matches("\\d{1,3}")
                ? of(text.substring(0, slash), Integer.parseInt(bits))
                        .filter(range -> range.bits >= Integer.parseInt(bits))
                : Optional.empty();
    }

    /**
     * An address and how many of its bits count; empty where it is none.
     *
     * @param bits more than there are counts as all of them, as in Envoy
     */
    public static Optional<IpRange> of(String address, int bits) {
        if (!Addresses.isIp(address) || address.indexOf('%') >= 0) {
            return Optional.empty();
        }
        try {
            byte[] bytes = InetAddress.getByName(address.indexOf(':') < 0 ? address : "[" + address + "]")
                    .getAddress();
            boolean v6 = bytes.length > 4;
            int counted = Math.min(bits, v6 ? V6_BITS : V4_BITS);
            return Optional.of(new IpRange(address + "/" + counted, v6, high(bytes), low(bytes), counted));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** Whether the address is one of them; null is none. */
    public boolean contains(InetAddress address) {
        if (address == null) {
            return false;
        }
        byte[] bytes = address.getAddress();
        if (v6 != bytes.length > 4) {
            return false;
        }
        if (!v6) {
            return bits == 0 || (low ^ low(bytes)) >>> (V4_BITS - bits) == 0;
        }
        return same(high, high(bytes), Math.min(bits, Long.SIZE)) && same(low, low(bytes), bits - Long.SIZE);
    }

    private static boolean same(long one, long other, int first) {
        return first <= 0 || (one ^ other) >>> (Long.SIZE - first) == 0;
    }

    private static long high(byte[] bytes) {
        return bytes.length > 4 ? ByteBuffer.wrap(bytes).getLong() : 0;
    }

    private static long low(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return bytes.length > 4 ? buffer.getLong(Long.BYTES) : Integer.toUnsignedLong(buffer.getInt());
    }

    @Override
    public String toString() {
        return text;
    }
}
