package io.grpcweb.gateway.filter.basicauth;

import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.FieldValues;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;

/** Makes filters that ask for a user and a password. */
final class BasicAuthFactory implements HttpFilterFactory {
    private static final String SCHEME = "Basic ";

    private final BasicAuthConfig config;
    private final BasicAuthStats stats;

    /** Why a request is refused. */
    private enum Fault {
        MISSING("Missing username and password.", "no_credential_for_basic_auth"),
        SCHEME("Expected 'Basic' authentication scheme.", "invalid_scheme_for_basic_auth"),
        FORMAT("Invalid basic credential format.", "invalid_format_for_basic_auth"),
        WRONG("Invalid username/password combination.", "invalid_credential_for_basic_auth");

        private final String message;
        private final String details;

        Fault(String message, String details) {
            this.message = "User authentication failed. " + message;
            this.details = details;
        }
    }

    BasicAuthFactory(BasicAuthConfig config, BasicAuthStats stats) {
        this.config = config;
        this.stats = stats;
    }

    @Override
    public HttpFilter create(Exchange exchange, Http2Headers head) {
        return new BasicAuthFilter(exchange);
    }

    private boolean isPassword(String user, String password) {
        String hash = config.users().get(user);
        byte[] given = Base64.getEncoder().encode(sha1(password));
        // An unknown user takes as long as a known one.
        byte[] wanted = (hash == null ? "" : hash).getBytes(StandardCharsets.ISO_8859_1);
        return MessageDigest.isEqual(given, wanted) && hash != null;
    }

    private static byte[] sha1(String password) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(password.getBytes(StandardCharsets.ISO_8859_1));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }

    /** Null where it is none, or where the last character has bits that say nothing. */
    private static String decoded(String base64) {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            String plain = Base64.getEncoder().withoutPadding().encodeToString(bytes);
            return base64.startsWith(plain) ? new String(bytes, StandardCharsets.ISO_8859_1) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Asks one request. */
    private final class BasicAuthFilter extends HttpFilter {
        private final Exchange exchange;

        BasicAuthFilter(Exchange exchange) {
            this.exchange = exchange;
        }

        @Override
        public void requestHead(Http2Headers head, boolean end) {
            CharSequence sent = FieldValues.joined(head, config.credentials());
            if (sent == null) {
                if (config.allowMissing()) {
                    lower().requestHead(head, end);
                } else {
                    refuse(Fault.MISSING, head);
                }
                return;
            }
            String credentials = sent.toString();
            if (!credentials.startsWith(SCHEME)) {
                refuse(Fault.SCHEME, head);
                return;
            }
            String decoded = decoded(credentials.substring(SCHEME.length()));
            int colon = decoded == null ? -1 : decoded.indexOf(':');
            if (colon < 0) {
                refuse(Fault.FORMAT, head);
                return;
            }
            String user = decoded.substring(0, colon);
            if (!isPassword(user, decoded.substring(colon + 1))) {
                refuse(Fault.WRONG, head);
                return;
            }
            stats.allowed.increment();
            if (!config.userField().isEmpty()) {
                head.set(config.userField(), user);
            }
            if (config.told()) {
                exchange.info().addMetadata().putAll(config.name(), Map.of("username", user));
            }
            lower().requestHead(head, end);
        }

        private void refuse(Fault fault, Http2Headers head) {
            stats.denied.increment();
            exchange.reply(Challenge.refusal("Basic", config.realm(), head, fault.message, Details.of(fault.details)));
        }
    }
}
