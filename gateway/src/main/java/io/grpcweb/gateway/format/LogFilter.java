package io.grpcweb.gateway.format;

import io.grpcweb.gateway.config.AccessLogConfig.Comparison;
import io.grpcweb.gateway.config.AccessLogConfig.Filter;
import io.grpcweb.gateway.config.RouteConfig.HeaderMatch;
import io.grpcweb.gateway.http.FieldValues;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.ResponseFlag;
import io.grpcweb.gateway.http.StreamInfo;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Turns the filter of an access log into a test of an exchange that has ended. */
public final class LogFilter {
    private LogFilter() {}

    public static Predicate<StreamInfo> of(Filter filter) {
        if (filter instanceof Filter.StatusCode code) {
            return info -> holds(code.comparison(), info.responseCode);
        }
        if (filter instanceof Filter.DurationMillis duration) {
            return info -> holds(
                    duration.comparison(), TimeUnit.NANOSECONDS.toMillis(Math.max(0, info.endNanos - info.startNanos)));
        }
        if (filter instanceof Filter.NotHealthCheck) {
            return info -> !info.healthCheck;
        }
        if (filter instanceof Filter.ResponseFlag flags) {
            return flags(flags.flags());
        }
        if (filter instanceof Filter.GrpcStatus statuses) {
            Set<Integer> wanted = new HashSet<>(statuses.statuses());
            return info -> wanted.contains(grpcStatus(info)) != statuses.exclude();
        }
        if (filter instanceof Filter.Header header) {
            return info -> info.requestHeaders != null && fits(header.match(), info.requestHeaders);
        }
        if (filter instanceof Filter.Fraction fraction) {
            return info -> ThreadLocalRandom.current().nextDouble() < fraction.share();
        }
        if (filter instanceof Filter.And all) {
            List<Predicate<StreamInfo>> parts =
                    all.filters().stream().map(LogFilter::of).toList();
            return info -> parts.stream().allMatch(part -> part.test(info));
        }
        List<Predicate<StreamInfo>> parts =
                ((Filter.Or) filter).filters().stream().map(LogFilter::of).toList();
        return info -> parts.stream().anyMatch(part -> part.test(info));
    }

    private static Predicate<StreamInfo> flags(List<String> names) {
        if (names.isEmpty()) {
            return info -> info.hasFlags();
        }
        return info -> {
            for (ResponseFlag flag : info.flags()) {
                if (names.contains(flag.shortName())) {
                    return true;
                }
            }
            return false;
        };
    }

    /** As Envoy: a request that is no gRPC call is taken for one with the status that its HTTP code stands for. */
    private static int grpcStatus(StreamInfo info) {
        if (info.grpcStatus >= 0) {
            return info.grpcStatus;
        }
        return info.responseCode == 200
                ? 0
                : GrpcStatus.fromHttp(info.responseCode).code();
    }

    private static boolean holds(Comparison comparison, long value) {
        return switch (comparison.op()) {
            case EQ -> value == comparison.value();
            case GE -> value >= comparison.value();
            case LE -> value <= comparison.value();
            case NE -> value != comparison.value();
        };
    }

    private static boolean fits(HeaderMatch match, Http2Headers headers) {
        return match.fits(FieldValues.joined(headers, match.name()));
    }
}
