package io.grpcweb.gateway.upstream.host;

import io.grpcweb.gateway.config.Addresses;
import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.TlsConfig;
import io.grpcweb.gateway.net.FileWatch;
import io.grpcweb.gateway.net.LiveTls;
import io.grpcweb.gateway.net.PeerCertificate;
import io.grpcweb.gateway.net.TlsFiles;
import io.grpcweb.gateway.net.TlsSessions;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** TLS towards the endpoints of one cluster. */
public final class UpstreamTls implements AutoCloseable {
    private final TlsConfig.Upstream config;
    private final LiveTls<TlsConfig.Upstream, Ready> live;

    /** What connections are made with, and what it was made of. */
    private static final class Ready {
        private final ClusterConfig cluster;
        private final TlsConfig.Upstream config;
        private final SslContext context;

        /** Made when it is first needed. */
        private SslContext withoutHttp;

        Ready(ClusterConfig cluster, TlsConfig.Upstream config) throws IOException {
            this.cluster = cluster;
            this.config = config;
            this.context = UpstreamTls.context(cluster, config, alpn(cluster, config));
        }

        synchronized SslContext withoutHttp() {
            if (withoutHttp == null) {
                try {
                    withoutHttp = UpstreamTls.context(cluster, config, alpn(config.alpn()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return withoutHttp;
        }
    }

    /** Reads the files; the message of the exception names the one that cannot be used. */
    public UpstreamTls(ClusterConfig cluster, TlsConfig.Upstream config, FileWatch watch) throws IOException {
        this.config = config;
        this.live = new LiveTls<>(
                watch, config, () -> config.with(watch.secrets()::get), complete -> new Ready(cluster, complete));
    }

    /** Its files are watched no longer. */
    @Override
    public void close() {
        live.close();
    }

    private static SslContext context(
            ClusterConfig cluster, TlsConfig.Upstream config, ApplicationProtocolConfig protocols) throws IOException {
        try {
            SslContextBuilder builder = SslContextBuilder.forClient()
                    .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
                    .protocols(TlsFiles.protocols(config.params()))
                    .endpointIdentificationAlgorithm(config.verify() && config.verifyHostname() ? "HTTPS" : "")
                    .applicationProtocolConfig(protocols);
            if (!config.params().ciphers().isEmpty()) {
                builder.ciphers(TlsFiles.ciphers(config.params()));
            }
            if (!config.verify()) {
                builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
            } else if (config.ca().isPresent()) {
                builder.trustManager(TlsFiles.certificates(config.ca().get()));
            }
            if (config.identity().isPresent()) {
                TlsConfig.Identity own = config.identity().get();
                TlsFiles.requirePair(own);
                builder.keyManager(
                        new ByteArrayInputStream(TlsFiles.bytes(own.chain())),
                        TlsFiles.key(own),
                        TlsFiles.password(own));
            }
            TlsFiles.curves(builder, config.params());
            SslContext context = builder.build();
            if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
                sessions.setSessionCacheEnabled(config.sessionKeys() > 0);
                sessions.setSessionCacheSize(config.sessionKeys());
            }
            return context;
        } catch (SSLException | IllegalArgumentException e) {
            throw new IOException("cluster " + cluster.name() + ": TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    private static ApplicationProtocolConfig alpn(ClusterConfig cluster, TlsConfig.Upstream config) {
        List<String> protocols = config.alpn().isEmpty()
                ? switch (cluster.protocol()) {
                    case HTTP1 -> List.of("http/1.1");
                    case HTTP2 -> List.of("h2");
                    case AUTO, DOWNSTREAM -> List.of("h2", "http/1.1");
                }
                : config.alpn();
        return alpn(protocols);
    }

    private static ApplicationProtocolConfig alpn(List<String> protocols) {
        if (protocols.isEmpty()) {
            return ApplicationProtocolConfig.DISABLED;
        }
        return new ApplicationProtocolConfig(
                ApplicationProtocolConfig.Protocol.ALPN,
                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                protocols);
    }

    /** Begins a handshake for HTTP. */
    public SslHandler handler(ByteBufAllocator allocator, SocketAddress address, String serverName) {
        return handler(allocator, address, serverName, true);
    }

    /**
     * Begins a handshake.
     *
     * @param serverName what {@link #serverName} says
     * @param http whether HTTP is spoken inside, and offered
     */
    public SslHandler handler(ByteBufAllocator allocator, SocketAddress address, String serverName, boolean http) {
        // Sessions are found again by this name, which is that of the certificate, too, where it is looked at.
        String peer = serverName == null ? key(address) : serverName;
        int port = address instanceof InetSocketAddress ip ? ip.getPort() : 0;
        Ready now = live.context();
        if (now == null) {
            throw new IllegalStateException("the secrets of its TLS have not come");
        }
        SslHandler handler = (http ? now.context : now.withoutHttp()).newHandler(allocator, peer, port);
        if (serverName != null && !Addresses.isIp(serverName)) {
            TlsSessions.askFor(serverName, handler.engine());
        }
        return handler;
    }

    /** What no name of a host looks like, so that it is not asked for. */
    private static String key(SocketAddress address) {
        if (address instanceof InetSocketAddress ip) {
            return ip.isUnresolved() ? "/" + ip.getHostString() : HostKey.ipAddress(ip.getAddress());
        }
        return "/" + HostKey.of(address);
    }

    /**
     * The name that is asked for and, where the configuration says so, must be in the certificate; null without.
     *
     * @param requested the host that the request is for, or null
     */
    public String serverName(Host host, String requested) {
        if (requested != null) {
            return requested;
        }
        if (config.sniFromEndpoint() && !host.hostname().isEmpty()) {
            return host.hostname();
        }
        return config.sni().orElse(config.verifyHostname() ? host.hostname() : null);
    }

    /** What is wrong with the peer's certificate, beside who has signed it; null for nothing. */
    public String problemWith(SslHandler handler) {
        TlsConfig.Upstream now = live.context().config;
        if (now.subjectAltNames().isEmpty() && now.pins().isEmpty()) {
            return null;
        }
        try {
            X509Certificate certificate =
                    (X509Certificate) handler.engine().getSession().getPeerCertificates()[0];
            return PeerCertificate.problem(certificate, now.subjectAltNames(), now.pins())
                    .orElse(null);
        } catch (SSLPeerUnverifiedException e) {
            return e.getMessage();
        }
    }
}
