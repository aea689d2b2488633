package io.grpcweb.gateway.filter.service;

import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.SideSpan;
import io.grpcweb.gateway.http.UnaryCalls;
import io.netty.buffer.ByteBuf;

/** Tells a filter of an answer, and the span of the call of its end. */
record TracedAnswer(UnaryCalls.Observer filter, SideSpan span) implements UnaryCalls.Observer {

    @Override
    public void answered(ByteBuf lent) {
        span.answering();
        try {
            filter.answered(lent);
        } finally {
            span.ended(GrpcStatus.OK);
        }
    }

    @Override
    public void failed(GrpcStatus status, String message) {
        span.answering();
        try {
            filter.failed(status, message);
        } finally {
            span.ended(status);
        }
    }

    @Override
    public void broken(Throwable fault) {
        filter.broken(fault);
    }
}
