package io.grpcweb.gateway.filter.cors;

import io.grpcweb.gateway.config.StringMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Finds what no browser could ever use in a policy, before a page runs into it. */
final class OriginCheck {
    /** Scheme, host and port (RFC 6454 section 6.1): neither a path nor a slash at the end. */
    private static final Pattern ORIGIN =
            Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://(\\[[0-9A-Fa-f:.]+]|[^/?#:@\\s]+)(:[0-9]{1,5})?");

    private OriginCheck() {}

    /** What is wrong with the origins that are written out; matchers of other kinds may fit anything. */
    static List<String> problems(CorsPolicy policy) {
        List<String> problems = new ArrayList<>();
        for (StringMatch match : policy.origins()) {
            if (match instanceof StringMatch.Exact exact) {
                problem(exact.text(), policy.allowCredentials().orElse(false), problems);
            }
        }
        return problems;
    }

    /** Made-up origins of strangers that fit all the same, because a name may go on before or behind what is written. */
    static List<String> wide(CorsPolicy policy) {
        List<String> strangers = new ArrayList<>();
        for (StringMatch match : policy.origins()) {
            String stranger = null;
            if (match instanceof StringMatch.Prefix prefix) {
                stranger = prefix.text() + ".stranger.example";
            } else if (match instanceof StringMatch.Suffix suffix
                    && !suffix.text().startsWith(".")
                    && !suffix.text().startsWith("/")
                    && !suffix.text().startsWith(":")) {
                stranger = "https://stranger-" + suffix.text();
            } else if (match instanceof StringMatch.Contains part) {
                stranger = "https://" + part.text().replaceFirst("^[a-z]+://", "") + ".stranger.example";
            }
            if (stranger != null && ORIGIN.matcher(stranger).matches() && match.matches(stranger)) {
                strangers.add(stranger);
            }
        }
        return strangers;
    }

    private static void problem(String origin, boolean credentials, List<String> problems) {
        if (origin.equals("*")) {
            if (credentials) {
                problems.add("'*' lets every page call with the cookies of the user: name the origins, or write"
                        + " allow-credentials = false; { regex = \".*\" } if that is meant");
            }
        } else if (!origin.equals("null") && !ORIGIN.matcher(origin).matches()) {
            problems.add(
                    "'" + origin + "' is no origin of a page: write \"https://app.example\", with the port if it is"
                            + " not the usual one, and without a path or a slash at the end");
        }
    }
}
