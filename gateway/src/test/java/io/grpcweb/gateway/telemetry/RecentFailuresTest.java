package io.grpcweb.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.ResponseFlag;
import io.grpcweb.gateway.http.StreamInfo;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecentFailuresTest {
    private final RecentEvents recent = new RecentEvents();
    private final RecentFailures failures = new RecentFailures(recent);

    private void refused(LocalReply reply) {
        StreamInfo call = Calls.unary();
        call.ended(reply);
        call.responseCode = reply.httpStatus();
        failures.ended(call);
    }

    private List<String> details() {
        return recent.failures().stream().map(RecentEvents.Failure::details).toList();
    }

    @Test
    void refusalsWithoutAFlagAreKeptToo() {
        refused(LocalReply.methodNotAllowed());
        refused(LocalReply.messageTooLong(2, 1));
        refused(LocalReply.unsupportedMediaType(""));
        refused(LocalReply.badBase64(true));
        refused(LocalReply.internalError());
        refused(LocalReply.durationTimeout(true));

        assertThat(details())
                .containsExactly(
                        "max_duration_timeout",
                        "gateway_fault",
                        "grpc_base_64_decode_failed_bad_size",
                        "grpc_web_content_type",
                        "grpc_message_too_long",
                        "grpc_web_method");
        assertThat(recent.failures().get(5).httpStatus()).isEqualTo(405);
    }

    @Test
    void whatTheConfigurationSaysAndWhoeverLeftIsNoFailure() {
        refused(LocalReply.directResponse(404, ""));
        refused(LocalReply.healthCheck(true, Details.HEALTH_CHECK_OK));
        failures.ended(Calls.unary());
        StreamInfo left = Calls.unary();
        left.flag(ResponseFlag.DOWNSTREAM_TERMINATION);
        failures.ended(left);

        assertThat(details()).isEmpty();
    }
}
