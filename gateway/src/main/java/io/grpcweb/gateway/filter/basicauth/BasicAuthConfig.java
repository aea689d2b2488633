package io.grpcweb.gateway.filter.basicauth;

import io.grpcweb.gateway.config.FilterConfig;
import java.util.Map;

/**
 * Who may call with a password.
 *
 * @param users the SHA-1 hash of the password in base64, by the name of the user
 * @param credentials the field that has them ({@code authorization}), lower-case
 * @param userField the field that tells the backend the name, lower-case; empty: none
 * @param realm of the challenge; empty: the URL of the request
 * @param allowMissing whether a request without the field passes
 * @param told whether the name is written down in the metadata of the call, under the name of the filter
 */
public record BasicAuthConfig(
        String name,
        Map<String, String> users,
        String credentials,
        String userField,
        String realm,
        boolean allowMissing,
        boolean told)
        implements FilterConfig {
    public BasicAuthConfig {
        users = Map.copyOf(users);
    }

    /** Without what is secret. */
    @Override
    public String toString() {
        return "BasicAuthConfig[name=" + name + ", " + users.size() + " users]";
    }
}
