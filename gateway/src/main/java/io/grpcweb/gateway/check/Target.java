package io.grpcweb.gateway.check;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.TlsConfig;
import io.grpcweb.gateway.upstream.host.UpstreamTls;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;

/**
 * An address of an endpoint, and how the gateway would speak to it.
 *
 * @param host as configured
 * @param address one of its addresses
 * @param tlsConfig absent for cleartext
 * @param tls what it was made into; null for cleartext
 * @param serverName that is asked for and looked for in the certificate, or null
 * @param carriesCalls whether gRPC calls of pages are routed to it
 */
record Target(
        ClusterConfig cluster,
        ClusterConfig.Host host,
        SocketAddress address,
        Optional<TlsConfig.Upstream> tlsConfig,
        UpstreamTls tls,
        String serverName,
        boolean carriesCalls) {

    /** How it is called in findings: the name of the configuration, and what it stands for. */
    String name() {
        String written = host.address().toString();
        if (!(address instanceof InetSocketAddress ip)) {
            return "cluster " + cluster.name() + ", " + written;
        }
        String found = (ip.getAddress().getAddress().length > 4
                        ? "[" + ip.getAddress().getHostAddress() + "]"
                        : ip.getAddress().getHostAddress())
                + ":" + ip.getPort();
        return "cluster " + cluster.name() + ", " + written
                + (written.equals(found)
                                || host.address().host().equals(ip.getAddress().getHostAddress())
                        ? ""
                        : " (" + found + ")");
    }

    String where() {
        return cluster.place().text();
    }

    Finding broken(String cause, String change) {
        return Finding.broken(name(), where(), cause, change);
    }

    Finding doubtful(String cause, String change) {
        return Finding.doubtful(name(), where(), cause, change);
    }

    /** As the gateway secures its connections. */
    Security security() {
        if (tls == null) {
            return Security.NONE;
        }
        return new Security() {
            @Override
            public SslHandler handler(ByteBufAllocator allocator) {
                return tls.handler(allocator, address, serverName);
            }

            @Override
            public String problemWith(SslHandler handshake) {
                return tls.problemWith(handshake);
            }
        };
    }

    boolean isSecured() {
        return tls != null;
    }
}
