package io.grpcweb.gateway.runtime;

import io.grpcweb.gateway.config.ResourceSource;
import io.grpcweb.gateway.http.SideAnswer;
import io.grpcweb.gateway.http.SideCalls;
import io.grpcweb.gateway.http.SideFailure;
import io.grpcweb.gateway.http.SideObserver;
import io.grpcweb.gateway.http.SideRequest;
import io.grpcweb.gateway.source.xds.Questions;
import io.grpcweb.gateway.source.xds.Timers;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;

/** Asks control planes over HTTP through the pools of their clusters; the answers come on the thread of the sources. */
final class PlaneQuestions implements Questions {
    private static final int LONGEST_ANSWER = 32 << 20;

    private final EventLoopGroup workers;
    private final SideCalls calls;
    private final Timers timers;

    PlaneQuestions(EventLoopGroup workers, SideCalls calls, Timers timers) {
        this.workers = workers;
        this.calls = calls;
        this.timers = timers;
    }

    @Override
    public void ask(ResourceSource.Polled source, String path, byte[] body, Asker asker) {
        Http2Headers head = new DefaultHttp2Headers(false)
                .method("POST")
                .path(path)
                .authority(source.cluster())
                .set(HttpHeaderNames.CONTENT_TYPE, "application/json");
        EventLoop loop = workers.next();
        loop.execute(() -> calls.call(
                loop,
                SideRequest.of(source.cluster(), head, Unpooled.wrappedBuffer(body), source.timeout(), LONGEST_ANSWER),
                new Relay(asker)));
    }

    /** Takes an answer over to the thread of the sources. */
    private final class Relay implements SideObserver {
        private final Asker asker;

        Relay(Asker asker) {
            this.asker = asker;
        }

        @Override
        public void answered(SideAnswer answer) {
            int status = answer.status();
            byte[] bytes = ByteBufUtil.getBytes(answer.body());
            timers.next(() -> asker.answered(status, bytes));
        }

        @Override
        public void failed(SideFailure failure, String reason) {
            timers.next(() -> asker.failed(failure + ": " + reason));
        }

        @Override
        public void broken(Throwable fault) {
            timers.next(() -> asker.failed(String.valueOf(fault)));
        }
    }
}
