package io.grpcweb.gateway.filter.extauthz;

import io.grpcweb.gateway.filter.service.Utf8;
import io.grpcweb.gateway.http.CallTrace;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.FieldValues;
import io.grpcweb.gateway.http.HeaderEdit;
import io.grpcweb.gateway.http.SideAnswer;
import io.grpcweb.gateway.http.SideCall;
import io.grpcweb.gateway.http.SideCalls;
import io.grpcweb.gateway.http.SideFailure;
import io.grpcweb.gateway.http.SideObserver;
import io.grpcweb.gateway.http.SideRequest;
import io.grpcweb.gateway.http.SideSpan;
import io.grpcweb.gateway.http.Substitution;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.function.Consumer;

/** Asks with a request over HTTP: status 200 lets the call pass, another one below 500 is a refusal. */
final class HttpAuthority implements Authority {
    private static final AsciiString PARTIAL = AsciiString.cached(Question.PARTIAL);

    /** Longer answers are an error; their bodies become messages. */
    private static final int MOST_BYTES = 64 * 1024;

    private final AuthzService.Http service;
    private final VisibleFields fields;
    private final HttpAnswer answers;
    private final HeaderEdit add;
    private final SideCalls calls;

    HttpAuthority(AuthzService.Http service, VisibleFields fields, SideCalls calls, Substitution.Compiler compiler) {
        this.service = service;
        this.fields = fields;
        this.answers = new HttpAnswer(service.answer());
        this.add = new HeaderEdit(service.add(), List.of(), compiler);
        this.calls = calls;
    }

    @Override
    public SideCall ask(Question question, Consumer<Decision> decided) {
        Http2Headers from = question.head();
        Http2Headers head = new DefaultHttp2Headers(false)
                .method(from.method())
                .path(service.path().isEmpty() ? service.prefix() + from.path() : service.path());
        if (from.authority() != null) {
            head.authority(from.authority());
        }
        for (CharSequence name : from.names()) {
            if (shows(name)) {
                head.set(name, FieldValues.joined(from, name));
            }
        }
        if (question.body() != null) {
            head.set(PARTIAL, question.isPartial());
        }
        add.apply(head, question.exchange().info());
        ByteBuf body = question.body() == null || !question.body().isReadable()
                ? Unpooled.EMPTY_BUFFER
                : Unpooled.copiedBuffer(question.body());
        CallTrace trace = question.exchange().info().trace;
        SideSpan span = trace == null ? null : trace.side(service.cluster(), head);
        SideObserver observer = new Observer(question.exchange(), decided);
        SideCall call = calls.call(
                question.exchange().executor(),
                SideRequest.of(service.cluster(), head, body, service.timeout(), MOST_BYTES),
                span == null ? observer : new TracedQuestion(observer, trace, span));
        return span == null
                ? call
                : () -> {
                    call.cancel();
                    span.cancelled();
                };
    }

    /** What says how long the body is belongs to this request; what says whose the request is, always goes along. */
    private boolean shows(CharSequence name) {
        if (name.length() == 0 || name.charAt(0) == ':' || PARTIAL.contentEquals(name)) {
            return false;
        }
        return HttpHeaderNames.AUTHORIZATION.contentEquals(name)
                ? !VisibleFields.fits(fields.hidden(), name)
                : fields.names(name) && !HttpHeaderNames.CONTENT_LENGTH.contentEquals(name);
    }

    private final class Observer implements SideObserver {
        private final Exchange exchange;
        private final Consumer<Decision> decided;

        Observer(Exchange exchange, Consumer<Decision> decided) {
            this.exchange = exchange;
            this.decided = decided;
        }

        @Override
        public void answered(SideAnswer answer) {
            decided.accept(answers.decision(
                    answer.status(), answer.head(), Utf8.text(answer.body().nioBuffer())));
        }

        @Override
        public void failed(SideFailure failure, String reason) {
            decided.accept(Decision.error());
        }

        @Override
        public void broken(Throwable fault) {
            exchange.broken(fault);
        }
    }
}
