package io.grpcweb.gateway.filter.jwtauthn;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** The URI of a key set. */
final class RemoteUri {
    private RemoteUri() {}

    /** Why it cannot be asked for, if so. */
    static Optional<String> problem(String uri) {
        try {
            URI parsed = new URI(uri);
            if (parsed.getRawAuthority() == null) {
                return Optional.of("'" + uri + "' has no host: write \"https://HOST/PATH\"");
            }
            return Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.of("'" + uri + "' is no URI: " + e.getReason());
        }
    }
}
