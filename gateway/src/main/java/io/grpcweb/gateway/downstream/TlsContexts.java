package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.config.TlsConfig;
import io.grpcweb.gateway.net.TlsFiles;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;

/** Makes the TLS context of a filter chain and one of its certificates: BoringSSL where its library loads, else the JDK. */
final class TlsContexts {
    private TlsContexts() {}

    /** Reads the files and checks that key and certificate go together. */
    static SslContext of(TlsConfig.Downstream config, TlsConfig.Identity identity) throws IOException {
        TlsFiles.requirePair(identity);
        try {
            SslContextBuilder builder = SslContextBuilder.forServer(
                            new ByteArrayInputStream(TlsFiles.bytes(identity.chain())),
                            TlsFiles.key(identity),
                            TlsFiles.password(identity))
                    .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
                    .ciphers(
                            config.params().ciphers().isEmpty()
                                    ? Http2SecurityUtil.CIPHERS
                                    : TlsFiles.ciphers(config.params()),
                            SupportedCipherSuiteFilter.INSTANCE)
                    .protocols(TlsFiles.protocols(config.params()))
                    .applicationProtocolConfig(alpn(config.alpn()));
            if (config.asksClients()) {
                if (config.names().isEmpty() && config.pins().isEmpty()) {
                    builder.trustManager(TlsFiles.certificates(config.clientCa().get()));
                } else {
                    builder.trustManager(new ClientTrust(config));
                }
                builder.clientAuth(config.requireClientCertificate() ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL);
            } else {
                builder.trustManager(new NoClientIsTrusted());
            }
            if (config.requireClientCertificate() && !config.asksClients()) {
                throw new IOException(TlsFiles.name(identity.chain())
                        + ": certificates of clients are required, and nobody is given who signs them");
            }
            TlsFiles.curves(builder, config.params());
            return builder.build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new IOException(TlsFiles.name(identity.chain()) + ": " + e.getMessage(), e);
        }
    }

    private static ApplicationProtocolConfig alpn(List<String> configured) {
        if (configured.isEmpty()) {
            return ApplicationProtocolConfig.DISABLED;
        }
        List<String> protocols = new ArrayList<>();
        for (String entry : configured) {
            // Envoy joins the entries by commas, so one entry may hold several.
            for (String protocol : entry.split(",", -1)) {
                protocols.add(protocol.strip());
            }
        }
        return new ApplicationProtocolConfig(
                ApplicationProtocolConfig.Protocol.ALPN,
                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                protocols);
    }
}
