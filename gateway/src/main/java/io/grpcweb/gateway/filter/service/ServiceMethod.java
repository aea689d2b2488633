package io.grpcweb.gateway.filter.service;

import io.grpcweb.gateway.http.CallTrace;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HeaderEdit;
import io.grpcweb.gateway.http.SideCall;
import io.grpcweb.gateway.http.SideCalls;
import io.grpcweb.gateway.http.SideSpan;
import io.grpcweb.gateway.http.Substitution;
import io.grpcweb.gateway.http.UnaryCalls;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;

/** A method of a service, ready to be called for exchanges that wait. */
public final class ServiceMethod {
    private final UnaryCalls calls;
    private final UnaryCalls.Method method;
    private final HeaderEdit metadata;

    /**
     * Prepares a method.
     *
     * @param path {@code /package.Service/Method}
     */
    public ServiceMethod(GrpcService service, String path, SideCalls calls, Substitution.Compiler compiler) {
        this.calls = new UnaryCalls(calls);
        this.method = new UnaryCalls.Method(
                service.cluster(), service.authority(), path, service.timeout(), service.mostBytes());
        this.metadata = new HeaderEdit(service.metadata(), List.of(), compiler);
    }

    /** Begins a call on the event loop of the exchange; see {@link SideCalls#call}. */
    public SideCall call(Exchange exchange, ProtoMessage message, UnaryCalls.Observer observer) {
        Http2Headers head = new DefaultHttp2Headers(false);
        metadata.apply(head, exchange.info());
        CallTrace trace = exchange.info().trace;
        SideSpan span = trace == null ? null : trace.side(method.path(), method.cluster(), head);
        if (span == null) {
            return calls.call(exchange.executor(), method, head, Unpooled.wrappedBuffer(message.toBytes()), observer);
        }
        SideCall call = calls.call(
                exchange.executor(),
                method,
                head,
                Unpooled.wrappedBuffer(message.toBytes()),
                new TracedAnswer(observer, span));
        return () -> {
            call.cancel();
            span.cancelled();
        };
    }
}
