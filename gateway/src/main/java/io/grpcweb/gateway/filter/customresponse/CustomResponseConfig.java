package io.grpcweb.gateway.filter.customresponse;

import io.grpcweb.gateway.config.AccessLogConfig;
import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.HeaderRules;
import io.grpcweb.gateway.match.MatchTree;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Which responses are replaced, and by what. */
public record CustomResponseConfig(String name, MatchTree<Replacement> replies) implements FilterConfig {

    /**
     * A response.
     *
     * @param status its HTTP status; absent: that of the response which it replaces
     * @param body its text; absent: that of a local reply that it replaces
     * @param format writes another text, in which {@code %LOCAL_REPLY_BODY%} is the body
     * @param contentType of the body; absent: {@code text/plain}
     * @param headers fields of it
     * @param keepsDetails whether the access log still says why the first response was made
     * @param details what the access log says otherwise; may be empty
     */
    record Replacement(
            OptionalInt status,
            Optional<String> body,
            Optional<AccessLogConfig.Format> format,
            Optional<String> contentType,
            List<HeaderRules.Add> headers,
            boolean keepsDetails,
            String details) {
        Replacement {
            headers = List.copyOf(headers);
        }
    }
}
