package io.grpcweb.gateway.filter.recorder;

import io.grpcweb.gateway.http.ForeignText;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The fields of a request, without values that would let somebody else call in its name. */
final class SecretFields {
    /** What stands in the place of a value. */
    private static final String MASK = "[masked]";

    /** Parts of names: authorization and proxy-authorization, cookie, x-api-key, x-csrf-token and the like. */
    private static final List<String> SECRETS =
            List.of("auth", "cookie", "token", "key", "secret", "password", "session", "credential", "jwt");

    private SecretFields() {}

    /** In their order, without pseudo-header fields. */
    static List<Map.Entry<String, String>> masked(Http2Headers head) {
        List<Map.Entry<String, String>> fields = new ArrayList<>(head.size());
        for (Map.Entry<CharSequence, CharSequence> field : head) {
            String name = field.getKey().toString();
            if (!name.startsWith(":")) {
                boolean secret = SECRETS.stream().anyMatch(name::contains);
                fields.add(Map.entry(ForeignText.of(name), secret ? MASK : ForeignText.of(field.getValue())));
            }
        }
        return fields;
    }
}
