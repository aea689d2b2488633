package io.grpcweb.gateway.filter.extauthz;

import io.grpcweb.gateway.config.StringMatch;
import java.util.List;
import java.util.Optional;

/**
 * Which fields of a request a service sees.
 *
 * @param allowed absent: all over gRPC, none over HTTP
 * @param hidden in spite of that
 */
public record VisibleFields(Optional<List<StringMatch>> allowed, List<StringMatch> hidden) {

    /** What a service is shown unless the configuration says more. */
    public static final VisibleFields USUAL = new VisibleFields(Optional.empty(), List.of());

    public VisibleFields {
        allowed = allowed.map(List::copyOf);
        hidden = List.copyOf(hidden);
    }

    /** Whether a field is shown where all are unless some are chosen. */
    boolean shows(CharSequence name) {
        return (allowed.isEmpty() || fits(allowed.get(), name)) && !fits(hidden, name);
    }

    /** Whether a field is shown where none are unless they are chosen. */
    boolean names(CharSequence name) {
        return allowed.isPresent() && shows(name);
    }

    static boolean fits(List<StringMatch> matches, CharSequence name) {
        for (int i = 0; i < matches.size(); i++) {
            if (matches.get(i).matches(name)) {
                return true;
            }
        }
        return false;
    }
}
