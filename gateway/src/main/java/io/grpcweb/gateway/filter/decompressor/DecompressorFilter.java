package io.grpcweb.gateway.filter.decompressor;

import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.function.Function;

/** Decompresses the bodies of one exchange. */
final class DecompressorFilter extends HttpFilter {
    private final Exchange exchange;
    private final DecompressorFactory factory;
    private UnpackedWay request;
    private UnpackedWay response;

    DecompressorFilter(Exchange exchange, DecompressorFactory factory) {
        this.exchange = exchange;
        this.factory = factory;
    }

    private void close() {
        if (request != null) {
            request.close();
        }
        if (response != null) {
            response.close();
        }
    }

    private void count(Method used, Function<DecompressorStats, DecompressorStats.Way> direction) {
        for (Method method : factory.methods()) {
            DecompressorStats.Way counted = direction.apply(method.stats());
            (method.equals(used) ? counted.decompressed : counted.notDecompressed).increment();
        }
    }

    // The request.

    @Override
    public void requestHead(Http2Headers head, boolean end) {
        factory.advertise(head);
        if (!end) {
            Method method = factory.of(head, factory.config().request());
            count(method, stats -> stats.request);
            if (method != null) {
                request = UnpackedWay.begin(exchange, factory, method.decoders(), method.stats().request, new Down());
                if (request == null) {
                    exchange.reply(LocalReply.tooManyCoded());
                    return;
                }
                factory.change(head);
            }
        }
        lower().requestHead(head, end);
    }

    @Override
    public void requestData(ByteBuf data, boolean end) {
        if (request != null) {
            request.data(data, end);
        } else {
            lower().requestData(data, end);
        }
    }

    @Override
    public void requestTrailers(Http2Headers trailers) {
        if (request != null) {
            request.trailers(trailers);
        } else {
            lower().requestTrailers(trailers);
        }
    }

    @Override
    public void requestWritable(boolean writable) {
        if (request != null) {
            request.receiverReady(writable);
        } else {
            upper().requestWritable(writable);
        }
    }

    @Override
    public void cancel() {
        close();
        lower().cancel();
    }

    private final class Down implements UnpackedWay.Ends {
        @Override
        public void data(ByteBuf data, boolean end) {
            lower().requestData(data, end);
        }

        @Override
        public void trailers(Http2Headers trailers) {
            lower().requestTrailers(trailers);
        }

        @Override
        public void writable(boolean writable) {
            upper().requestWritable(writable);
        }

        @Override
        public void flush() {}

        @Override
        public void failed(String why, boolean tooMuch) {
            String message = "the compressed request: " + why;
            exchange.reply(tooMuch ? LocalReply.growsTooMuch(message) : LocalReply.badCoding(message));
        }
    }

    // The response.

    @Override
    public void responseHead(Http2Headers head, boolean end) {
        if (exchange.localReply() != null) {
            // Whatever of the request is held has no receiver any more.
            close();
        } else if (!end) {
            Method method = factory.of(head, factory.config().response());
            count(method, stats -> stats.response);
            if (method != null) {
                response = UnpackedWay.begin(exchange, factory, method.decoders(), method.stats().response, new Up());
                if (response == null) {
                    exchange.reply(LocalReply.tooManyCoded());
                    return;
                }
                factory.change(head);
            }
        }
        upper().responseHead(head, end);
    }

    @Override
    public void responseData(ByteBuf data, boolean end) {
        if (response != null) {
            response.data(data, end);
        } else {
            upper().responseData(data, end);
        }
    }

    @Override
    public void responseTrailers(Http2Headers trailers) {
        if (response != null) {
            response.trailers(trailers);
        } else {
            upper().responseTrailers(trailers);
        }
    }

    @Override
    public void responseAbort(LocalReply reason) {
        close();
        upper().responseAbort(reason);
    }

    @Override
    public void responseWritable(boolean writable) {
        if (response != null) {
            response.receiverReady(writable);
        } else {
            lower().responseWritable(writable);
        }
    }

    private final class Up implements UnpackedWay.Ends {
        @Override
        public void data(ByteBuf data, boolean end) {
            upper().responseData(data, end);
        }

        @Override
        public void trailers(Http2Headers trailers) {
            upper().responseTrailers(trailers);
        }

        @Override
        public void writable(boolean writable) {
            lower().responseWritable(writable);
        }

        @Override
        public void flush() {
            upper().responseFlush();
        }

        @Override
        public void failed(String why, boolean tooMuch) {
            exchange.giveUpUpstream();
            upper().responseAbort(LocalReply.brokenAnswer(GrpcStatus.INTERNAL, "the compressed response: " + why));
        }
    }
}
