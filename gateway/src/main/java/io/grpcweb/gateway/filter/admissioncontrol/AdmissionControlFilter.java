package io.grpcweb.gateway.filter.admissioncontrol;

import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.MediaType;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;

/** Refuses a call, or notes how it ends; one without an end is a failure. */
final class AdmissionControlFilter extends HttpFilter {
    private static final Details DENIED = Details.of("denied_by_admission_control");

    private final Exchange exchange;
    private final AdmissionControlFactory control;
    private boolean counts;

    AdmissionControlFilter(Exchange exchange, AdmissionControlFactory control) {
        this.exchange = exchange;
        this.control = control;
    }

    @Override
    public void requestHead(Http2Headers head, boolean end) {
        if (control.refuses(exchange.executor())) {
            // Envoy says nothing here, which a page could not tell from other failures.
            String text = exchange.info().format.isGrpcWeb() ? "denied by admission control" : "";
            exchange.reply(LocalReply.denied(503, text, DENIED));
            return;
        }
        counts = true;
        exchange.atEnd(() -> record(false));
        lower().requestHead(head, end);
    }

    private void record(boolean success) {
        if (counts) {
            counts = false;
            control.record(exchange.executor(), success);
        }
    }

    @Override
    public void responseHead(Http2Headers head, boolean end) {
        CharSequence status = head.get(GrpcHeaders.STATUS);
        boolean grpc = MediaType.formatOf(head.get(HttpHeaderNames.CONTENT_TYPE)) == CallFormat.GRPC;
        if (end && status != null) {
            record(succeeds(status));
        } else if (end || !grpc || Exchange.status(head) != 200) {
            record(control.config().succeeds(Exchange.status(head)));
        }
        upper().responseHead(head, end);
    }

    @Override
    public void responseTrailers(Http2Headers trailers) {
        CharSequence status = trailers.get(GrpcHeaders.STATUS);
        if (status != null) {
            record(succeeds(status));
        }
        upper().responseTrailers(trailers);
    }

    private boolean succeeds(CharSequence status) {
        return control.config().grpcSuccess().contains(GrpcStatus.parse(status));
    }
}
