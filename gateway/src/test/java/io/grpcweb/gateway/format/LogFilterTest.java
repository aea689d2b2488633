package io.grpcweb.gateway.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.AccessLogConfig.Comparison;
import io.grpcweb.gateway.config.AccessLogConfig.Comparison.Op;
import io.grpcweb.gateway.config.AccessLogConfig.Filter;
import io.grpcweb.gateway.config.RouteConfig.HeaderMatch;
import io.grpcweb.gateway.config.StringMatch;
import io.grpcweb.gateway.http.ResponseFlag;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.telemetry.Calls;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LogFilterTest {
    private final StreamInfo call = Calls.unary();

    private boolean logs(Filter filter) {
        return LogFilter.of(filter).test(call);
    }

    @Test
    void statusAndDurationAreCompared() {
        assertThat(logs(new Filter.StatusCode(new Comparison(Op.GE, 500)))).isFalse();
        assertThat(logs(new Filter.StatusCode(new Comparison(Op.EQ, 200)))).isTrue();
        assertThat(logs(new Filter.DurationMillis(new Comparison(Op.LE, 70)))).isTrue();
        assertThat(logs(new Filter.DurationMillis(new Comparison(Op.GE, 71)))).isFalse();
    }

    @Test
    void flagsAreAskedForByNameOrAtAll() {
        assertThat(logs(new Filter.ResponseFlag(List.of()))).isFalse();
        call.flag(ResponseFlag.NO_ROUTE);

        assertThat(logs(new Filter.ResponseFlag(List.of()))).isTrue();
        assertThat(logs(new Filter.ResponseFlag(List.of("NR", "UF")))).isTrue();
        assertThat(logs(new Filter.ResponseFlag(List.of("UF")))).isFalse();
    }

    @Test
    void grpcStatusesAreTakenOrLeftOut() {
        call.grpcStatus = 14;

        assertThat(logs(new Filter.GrpcStatus(List.of(14, 4), false))).isTrue();
        assertThat(logs(new Filter.GrpcStatus(List.of(14, 4), true))).isFalse();
    }

    @Test
    void healthChecksCanBeLeftOut() {
        assertThat(logs(new Filter.NotHealthCheck())).isTrue();
        call.healthCheck = true;
        assertThat(logs(new Filter.NotHealthCheck())).isFalse();
    }

    @Test
    void headerFieldsAreMatched() {
        HeaderMatch test = new HeaderMatch(
                "user-agent", Optional.of(new StringMatch.Prefix("te", false)), Optional.empty(), false, false);
        HeaderMatch missing = new HeaderMatch("x-nope", Optional.empty(), Optional.empty(), false, false);

        assertThat(logs(new Filter.Header(test))).isTrue();
        assertThat(logs(new Filter.Header(missing))).isFalse();
    }

    @Test
    void filtersAreCombined() {
        Filter yes = new Filter.StatusCode(new Comparison(Op.EQ, 200));
        Filter no = new Filter.StatusCode(new Comparison(Op.NE, 200));

        assertThat(logs(new Filter.And(List.of(yes, no)))).isFalse();
        assertThat(logs(new Filter.Or(List.of(yes, no)))).isTrue();
        assertThat(logs(new Filter.Fraction(0))).isFalse();
        assertThat(logs(new Filter.Fraction(1))).isTrue();
    }
}
