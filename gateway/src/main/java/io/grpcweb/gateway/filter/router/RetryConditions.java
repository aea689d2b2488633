package io.grpcweb.gateway.filter.router;

import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.UpstreamFailure;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which answers and failures are worth another attempt: Envoy's {@code retry_on}, HTTP and gRPC conditions alike
 * (documented at {@code x-envoy-retry-on} and {@code x-envoy-retry-grpc-on} of its router filter). gRPC conditions look
 * at the first header block only; a status in real trailers is never retried. Unknown words count for nothing.
 */
final class RetryConditions {
    private static final AsciiString HTTP = AsciiString.cached("x-envoy-retry-on");
    private static final AsciiString GRPC = AsciiString.cached("x-envoy-retry-grpc-on");
    private static final AsciiString CODES = AsciiString.cached("x-envoy-retriable-status-codes");
    private static final AsciiString MOST = AsciiString.cached("x-envoy-max-retries");

    private static final RetryConditions NONE = new RetryConditions(Set.of(), Set.of(), List.of(), List.of());

    private final Set<Condition> on;
    private final Set<Integer> statusCodes;
    private final List<RouteConfig.HeaderMatch> headers;
    private final List<RouteConfig.HeaderMatch> requests;

    private enum Condition {
        FIVE_XX("5xx", -1),
        GATEWAY_ERROR("gateway-error", -1),
        RESET("reset", -1),
        RESET_BEFORE_REQUEST("reset-before-request", -1),
        CONNECT_FAILURE("connect-failure", -1),
        REFUSED_STREAM("refused-stream", -1),
        RETRIABLE_4XX("retriable-4xx", -1),
        RETRIABLE_STATUS_CODES("retriable-status-codes", -1),
        RETRIABLE_HEADERS("retriable-headers", -1),
        ENVOY_RATELIMITED("envoy-ratelimited", -1),
        CANCELLED("cancelled", 1),
        DEADLINE_EXCEEDED("deadline-exceeded", 4),
        RESOURCE_EXHAUSTED("resource-exhausted", 8),
        INTERNAL("internal", 13),
        UNAVAILABLE("unavailable", 14);

        private final String word;
        private final int grpcStatus;

        Condition(String word, int grpcStatus) {
            this.word = word;
            this.grpcStatus = grpcStatus;
        }
    }

    private RetryConditions(
            Set<Condition> on,
            Set<Integer> statusCodes,
            List<RouteConfig.HeaderMatch> headers,
            List<RouteConfig.HeaderMatch> requests) {
        this.on = on;
        this.statusCodes = statusCodes;
        this.headers = headers;
        this.requests = requests;
    }

    /** Those of a route; made once. */
    static RetryConditions of(RouteConfig.RetryPolicy policy) {
        Set<Condition> on = EnumSet.noneOf(Condition.class);
        policy.on().forEach(word -> add(on, word));
        return new RetryConditions(
                on, Set.copyOf(policy.statusCodes()), policy.retriableHeaders(), policy.requestHeaders());
    }

    /** Whether a request asks for retries by itself. */
    static boolean areIn(Http2Headers request) {
        return request.contains(HTTP) || request.contains(GRPC);
    }

    /** What a request says of retries is for the gateway alone. */
    static void remove(Http2Headers request) {
        request.remove(HTTP);
        request.remove(GRPC);
        request.remove(CODES);
        request.remove(MOST);
    }

    /** How many attempts a request allows itself, or else the policy. */
    static int retries(RouteConfig.RetryPolicy policy, Http2Headers request) {
        CharSequence asked = request.get(MOST);
        int number = asked == null ? -1 : GrpcStatus.parse(asked);
        return number < 0 ? policy.retries() : number;
    }

    /**
     * These and those that the request asks for by {@code x-envoy-retry-on}, {@code x-envoy-retry-grpc-on} and
     * {@code x-envoy-retriable-status-codes}; none for a request that the policy is not for. Only for requests whose headers are
     * trusted.
     */
    RetryConditions and(Http2Headers request) {
        if (!requests.isEmpty() && requests.stream().noneMatch(match -> fits(match, request))) {
            return NONE;
        }
        CharSequence http = request.get(HTTP);
        CharSequence grpc = request.get(GRPC);
        CharSequence codes = request.get(CODES);
        if (http == null && grpc == null && codes == null) {
            return this;
        }
        Set<Condition> both = EnumSet.noneOf(Condition.class);
        both.addAll(on);
        words(http).forEach(word -> add(both, word));
        words(grpc).forEach(word -> add(both, word));
        Set<Integer> allCodes = new HashSet<>(statusCodes);
        for (String code : words(codes)) {
            if (code.matches("[1-5][0-9][0-9]")) {
                allCodes.add(Integer.valueOf(code));
            }
        }
        return new RetryConditions(both, allCodes, headers, requests);
    }

    private static List<String> words(CharSequence field) {
        return field == null ? List.of() : List.of(field.toString().split(",", -1));
    }

    private static void add(Set<Condition> on, String word) {
        String wanted = word.strip().toLowerCase(Locale.ROOT);
        for (Condition condition : Condition.values()) {
            if (condition.word.equals(wanted)) {
                on.add(condition);
            }
        }
    }

    boolean isEmpty() {
        return on.isEmpty();
    }

    /**
     * Whether the head of a response asks for another attempt.
     *
     * @param grpcStatus -1 where the head has none
     */
    boolean applyTo(int status, int grpcStatus, Http2Headers head) {
        if (head.contains("x-envoy-overloaded")) {
            return false;
        }
        if (head.contains("x-envoy-ratelimited")) {
            return on.contains(Condition.ENVOY_RATELIMITED);
        }
        return on.contains(Condition.FIVE_XX) && status >= 500 && status < 600
                || on.contains(Condition.GATEWAY_ERROR) && status >= 502 && status <= 504
                || on.contains(Condition.RETRIABLE_4XX) && status == 409
                || on.contains(Condition.RETRIABLE_STATUS_CODES) && statusCodes.contains(status)
                || on.contains(Condition.RETRIABLE_HEADERS) && headers.stream().anyMatch(match -> fits(match, head))
                || grpcStatus > 0 && on.stream().anyMatch(condition -> condition.grpcStatus == grpcStatus);
    }

    /**
     * Whether a failure without a response does. A timeout of the attempt counts as a reset.
     *
     * @param failure null for a timeout of the attempt
     * @param requestSent whether any of the request has gone to the endpoint
     */
    boolean applyTo(UpstreamFailure failure, boolean requestSent) {
        return on.contains(Condition.FIVE_XX)
                || on.contains(Condition.GATEWAY_ERROR)
                || on.contains(Condition.RESET)
                || on.contains(Condition.RESET_BEFORE_REQUEST) && !requestSent
                || on.contains(Condition.REFUSED_STREAM) && failure == UpstreamFailure.REFUSED_STREAM
                || on.contains(Condition.CONNECT_FAILURE) && failure != null && failure.isConnectFailure();
    }

    private static boolean fits(RouteConfig.HeaderMatch match, Http2Headers head) {
        Iterator<CharSequence> values = head.valueIterator(match.name());
        if (!values.hasNext() && !match.missingAsEmpty()) {
            return match.invert() && match.value().isEmpty() && match.range().isEmpty();
        }
        StringBuilder joined = new StringBuilder();
        while (values.hasNext()) {
            joined.append(joined.isEmpty() ? "" : ",").append(values.next());
        }
        boolean fits = match.value().map(text -> text.matches(joined)).orElse(true)
                && match.range().map(range -> within(range, joined)).orElse(true);
        return fits != match.invert();
    }

    private static boolean within(RouteConfig.Range range, CharSequence value) {
        try {
            return range.contains(Long.parseLong(value, 0, value.length(), 10));
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
