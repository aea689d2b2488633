package io.grpcweb.gateway.upstream.discovery;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DefaultDnsResponse;
import io.netty.handler.codec.dns.DnsQuery;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.handler.codec.dns.TcpDnsQueryDecoder;
import io.netty.handler.codec.dns.TcpDnsResponseEncoder;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A name server whose answers a test changes as it goes. */
public final class DnsServer implements AutoCloseable {
    private final Map<String, List<String>> records = new ConcurrentHashMap<>();
    private final Map<String, List<String>> services = new ConcurrentHashMap<>();
    private final AtomicInteger swallowed = new AtomicInteger();
    private final AtomicInteger queries = new AtomicInteger();
    private final Channel channel;
    private final Channel stream;
    private volatile DnsResponseCode error;
    private volatile boolean silent;
    private volatile int ttlSeconds = 1;

    public DnsServer(EventLoopGroup group) {
        stream = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        connection
                                .pipeline()
                                .addLast(new TcpDnsQueryDecoder(), new TcpDnsResponseEncoder(), new OverTcp());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
        channel = new Bootstrap()
                .group(group)
                .channel(NioDatagramChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel datagrams) {
                        datagrams
                                .pipeline()
                                .addLast(
                                        new DatagramDnsQueryDecoder(), new DatagramDnsResponseEncoder(), new OverUdp());
                    }
                })
                .bind(stream.localAddress())
                .syncUninterruptibly()
                .channel();
    }

    public int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    /** From now on the name has these addresses, IPv4 and IPv6 mixed. */
    public void put(String name, String... addresses) {
        error = null;
        silent = false;
        records.put(name + ".", List.of(addresses));
    }

    /** From now on the name has these SRV records: {@code PRIORITY WEIGHT PORT TARGET}. */
    public void srv(String name, String... texts) {
        error = null;
        silent = false;
        services.put(name + ".", List.of(texts));
    }

    /** There is no such name any more. */
    void forget(String name) {
        records.remove(name + ".");
    }

    /** The next so many datagrams are lost. */
    void swallow(int datagrams) {
        swallowed.set(datagrams);
    }

    void lifetime(int seconds) {
        ttlSeconds = seconds;
    }

    public void failWith(DnsResponseCode code) {
        error = code;
    }

    public void fallSilent() {
        silent = true;
    }

    public int queries() {
        return queries.get();
    }

    @Override
    public void close() {
        stream.close().syncUninterruptibly();
        channel.close().syncUninterruptibly();
    }

    /** The answer's records; false where it would not fit a datagram. */
    private boolean fill(DnsResponse response, DnsQuestion question) {
        queries.incrementAndGet();
        response.addRecord(DnsSection.QUESTION, question);
        boolean srv = question.type().equals(DnsRecordType.SRV);
        List<String> addresses = (srv ? services : records).get(question.name());
        if (error != null) {
            response.setCode(error);
        } else if (addresses == null) {
            response.setCode(DnsResponseCode.NXDOMAIN);
        } else if (srv) {
            addresses.forEach(text -> response.addRecord(
                    DnsSection.ANSWER,
                    new DefaultDnsRawRecord(
                            question.name(), question.type(), ttlSeconds, service(text.split(" ", 4)))));
        } else {
            int length = question.type().equals(DnsRecordType.AAAA) ? 16 : 4;
            for (String address : addresses) {
                byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
                if (bytes.length == length) {
                    response.addRecord(
                            DnsSection.ANSWER,
                            new DefaultDnsRawRecord(
                                    question.name(), question.type(), ttlSeconds, Unpooled.wrappedBuffer(bytes)));
                }
            }
        }
        return response.count(DnsSection.ANSWER) <= 20;
    }

    /** The data of an SRV record (RFC 2782): three numbers and a name in labels. */
    private static ByteBuf service(String[] words) {
        ByteBuf data = Unpooled.buffer();
        for (int i = 0; i < 3; i++) {
            data.writeShort(Integer.parseInt(words[i]));
        }
        for (String label : words[3].split("[.]", 0)) {
            data.writeByte(label.length()).writeCharSequence(label, StandardCharsets.US_ASCII);
        }
        return data.writeByte(0);
    }

    private final class OverUdp extends SimpleChannelInboundHandler<DatagramDnsQuery> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DatagramDnsQuery query) {
            DnsQuestion question = query.recordAt(DnsSection.QUESTION);
            DatagramDnsResponse response = new DatagramDnsResponse(query.recipient(), query.sender(), query.id());
            if (!fill(response, question)) {
                response.clear(DnsSection.ANSWER).setTruncated(true);
            }
            if (silent || swallowed.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                response.release();
            } else {
                ctx.writeAndFlush(response, ctx.voidPromise());
            }
        }
    }

    private final class OverTcp extends SimpleChannelInboundHandler<DnsQuery> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DnsQuery query) {
            DnsResponse response = new DefaultDnsResponse(query.id());
            fill(response, query.recordAt(DnsSection.QUESTION));
            ctx.writeAndFlush(response, ctx.voidPromise());
        }
    }
}
