package io.grpcweb.gateway.http;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.ErrorFormat;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.List;
import java.util.Optional;

/** An exchange without a connection. */
public final class FakeExchange {
    private FakeExchange() {}

    public static Exchange of(Http2Headers head) throws ConfigException {
        StreamInfo info = new StreamInfo(new ConnectionInfo(1, "web", null, null, null, null), 1);
        info.requestHeaders = head;
        return of(info, new ExchangeTimers(ImmediateEventExecutor.INSTANCE));
    }

    public static Exchange of(StreamInfo info, ExchangeTimers timers) throws ConfigException {
        Endpoint nowhere = new Endpoint("127.0.0.1", 0);
        return new Exchange(
                info,
                Configs.quickStart(nowhere, List.of(nowhere), List.of(), Optional.empty())
                        .listeners()
                        .get(0)
                        .chains()
                        .get(0)
                        .http(),
                ErrorFormat.ENVOY,
                timers,
                UnpooledByteBufAllocator.DEFAULT,
                ExchangeObserver.NONE);
    }

    /** The status that a room answers with by itself. */
    public static String answer(HttpFilter room) {
        StringBuilder status = new StringBuilder();
        room.under(new HttpFilter() {
            @Override
            public void responseHead(Http2Headers head, boolean end) {
                status.append(head.status());
            }
        });
        room.requestHead(new DefaultHttp2Headers(false), true);
        return status.toString();
    }
}
