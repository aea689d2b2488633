package io.grpcweb.gateway.upstream.host;

import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** An address as Envoy writes it, which is what consistent hashing and {@code /clusters} name endpoints by. */
public final class HostKey {
    private HostKey() {}

    /** {@code 10.0.0.1:80}, {@code [::1]:80} or the path of a socket file. */
    public static String of(SocketAddress address) {
        if (address instanceof InetSocketAddress ip) {
            if (ip.getAddress() == null) {
                return ip.getHostString() + ":" + ip.getPort();
            }
            String text = ipAddress(ip.getAddress());
            return (text.indexOf(':') >= 0 ? "[" + text + "]" : text) + ":" + ip.getPort();
        }
        return address instanceof DomainSocketAddress pipe ? pipe.path() : String.valueOf(address);
    }

    /** Without brackets, a run of zeros shortened (RFC 5952). */
    public static String ipAddress(InetAddress address) {
        return NetUtil.toAddressString(address);
    }
}
