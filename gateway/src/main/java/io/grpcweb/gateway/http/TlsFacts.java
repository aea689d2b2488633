package io.grpcweb.gateway.http;

import java.security.cert.X509Certificate;

/**
 * What was agreed on in a TLS handshake.
 *
 * @param version such as {@code TLSv1.3}
 * @param cipher by the name of OpenSSL
 * @param sessionId in hexadecimal digits; null where there is none
 * @param local the certificate of this side; null without
 * @param peer the certificate of the other side; null without
 */
public record TlsFacts(String version, String cipher, String sessionId, X509Certificate local, X509Certificate peer) {}
