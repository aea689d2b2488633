package io.grpcweb.gateway.filter.extauthz;

import io.grpcweb.gateway.http.CallTrace;
import io.grpcweb.gateway.http.SideAnswer;
import io.grpcweb.gateway.http.SideFailure;
import io.grpcweb.gateway.http.SideObserver;
import io.grpcweb.gateway.http.SideSpan;
import io.netty.handler.codec.http.HttpResponseStatus;

/** Tells the filter of an answer over HTTP, and the span of the request of its end, with the tags that Envoy gives it. */
record TracedQuestion(SideObserver filter, CallTrace trace, SideSpan span) implements SideObserver {

    @Override
    public void answered(SideAnswer answer) {
        span.answering();
        tag(answer.status());
        try {
            filter.answered(answer);
        } finally {
            span.ended(answer.status());
        }
    }

    @Override
    public void failed(SideFailure failure, String reason) {
        HttpResponseStatus status = failure == SideFailure.TIMEOUT
                ? HttpResponseStatus.GATEWAY_TIMEOUT
                : HttpResponseStatus.SERVICE_UNAVAILABLE;
        span.answering();
        tag(status.code());
        try {
            filter.failed(failure, reason);
        } finally {
            span.ended(status.code());
        }
    }

    private void tag(int status) {
        trace.tagSide("ext_authz_status", status == 200 ? "ext_authz_ok" : "ext_authz_unauthorized");
        trace.tagSide(
                "ext_authz_http_status", HttpResponseStatus.valueOf(status).reasonPhrase());
    }

    @Override
    public void broken(Throwable fault) {
        filter.broken(fault);
    }
}
