package io.grpcweb.gateway.filter.decompressor;

import io.grpcweb.gateway.filter.TwoWayFilter;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.LocalReply;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.function.Function;

/** Decompresses the bodies of one exchange. */
final class DecompressorFilter extends TwoWayFilter {
    private final Exchange exchange;
    private final DecompressorFactory factory;

    DecompressorFilter(Exchange exchange, DecompressorFactory factory) {
        this.exchange = exchange;
        this.factory = factory;
    }

    private void count(Method used, Function<DecompressorStats, DecompressorStats.Way> direction) {
        for (Method method : factory.methods()) {
            DecompressorStats.Way counted = direction.apply(method.stats());
            (method.equals(used) ? counted.decompressed : counted.notDecompressed).increment();
        }
    }

    @Override
    public void requestHead(Http2Headers head, boolean end) {
        factory.advertise(head);
        if (!end) {
            Method method = factory.of(head, factory.config().request());
            count(method, stats -> stats.request);
            if (method != null) {
                UnpackedWay way = UnpackedWay.begin(
                        exchange, factory, method.decoders(), method.stats().request, down(), this::requestFailed);
                if (way == null) {
                    exchange.reply(LocalReply.tooManyCoded());
                    return;
                }
                requestGoes(way);
                factory.change(head);
            }
        }
        lower().requestHead(head, end);
    }

    private void requestFailed(String why, boolean tooMuch) {
        String message = "the compressed request: " + why;
        exchange.reply(tooMuch ? LocalReply.growsTooMuch(message) : LocalReply.badCoding(message));
    }

    @Override
    public void cancel() {
        closeWays();
        lower().cancel();
    }

    @Override
    public void responseHead(Http2Headers head, boolean end) {
        if (exchange.localReply() != null) {
            // Whatever of the request is held has no receiver any more.
            closeWays();
        } else if (!end) {
            Method method = factory.of(head, factory.config().response());
            count(method, stats -> stats.response);
            if (method != null) {
                UnpackedWay way = UnpackedWay.begin(
                        exchange, factory, method.decoders(), method.stats().response, up(), this::responseFailed);
                if (way == null) {
                    exchange.reply(LocalReply.tooManyCoded());
                    return;
                }
                responseGoes(way);
                factory.change(head);
            }
        }
        upper().responseHead(head, end);
    }

    private void responseFailed(String why, boolean tooMuch) {
        exchange.giveUpUpstream();
        upper().responseAbort(LocalReply.brokenAnswer(GrpcStatus.INTERNAL, "the compressed response: " + why));
    }
}
