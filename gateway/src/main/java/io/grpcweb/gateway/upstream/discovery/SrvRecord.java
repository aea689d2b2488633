package io.grpcweb.gateway.upstream.discovery;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;

/**
 * Where a service is (RFC 2782).
 *
 * @param priority the lowest is used first
 * @param weight its share among those of its priority
 * @param target a name; "." says that there is no such service
 */
record SrvRecord(int priority, int weight, int port, String target) {

    /** Reads the data of a record without taking it. */
    static SrvRecord of(DnsRecord record) {
        ByteBuf data = ((DnsRawRecord) record).content().duplicate();
        if (data.readableBytes() < 7) {
            throw new CorruptedFrameException("an SRV record of " + data.readableBytes() + " bytes");
        }
        return new SrvRecord(
                data.readUnsignedShort(),
                data.readUnsignedShort(),
                data.readUnsignedShort(),
                DefaultDnsRecordDecoder.decodeName(data));
    }

    boolean isNothing() {
        return target.equals(".") || target.isEmpty();
    }

    /** The target without the dot at its end, as certificates and requests write names. */
    String host() {
        return target.endsWith(".") ? target.substring(0, target.length() - 1) : target;
    }
}
