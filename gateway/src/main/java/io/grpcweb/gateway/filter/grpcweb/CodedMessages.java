package io.grpcweb.gateway.filter.grpcweb;

import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.filter.coding.CodingKind;
import io.grpcweb.gateway.filter.coding.Decoder;
import io.grpcweb.gateway.filter.coding.Decoders;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * What becomes of messages that a backend compresses: clients of gRPC-Web that did not say that they can read them get them
 * without their coding. Where errors have Envoy's form, all of that is left to backend and client, as in Envoy.
 */
final class CodedMessages {
    private final Decoders decoders;
    private CharSequence accepted;

    /**
     * For one call.
     *
     * @param decoders of gzip, the one coding that all gRPC libraries have
     */
    CodedMessages(Decoders decoders) {
        this.decoders = decoders;
    }

    /** What the client itself says that it can read; null for nothing. */
    void accepted(CharSequence codings) {
        accepted = codings;
    }

    /** For the messages of a response that the client cannot read; null where it can, or nobody knows. The head is changed. */
    MessageUnpacking unpacking(Exchange exchange, Http2Headers head, long mostBytes) {
        CharSequence coding = head.get(GrpcHeaders.ENCODING);
        if (coding == null
                || exchange.errorFormat() == ErrorFormat.ENVOY
                || !CodingKind.GZIP.token().contentEquals(coding)
                || accepts(coding)) {
            return null;
        }
        Decoder decoder = decoders.take(exchange.executor());
        if (decoder == null) {
            return null;
        }
        head.remove(GrpcHeaders.ENCODING);
        MessageUnpacking unpacking = new MessageUnpacking(decoder, exchange.allocator(), mostBytes);
        exchange.atEnd(() -> {
            unpacking.release();
            decoders.giveBack(exchange.executor(), decoder);
        });
        return unpacking;
    }

    private boolean accepts(CharSequence coding) {
        if (accepted != null) {
            for (String one : accepted.toString().split(",", -1)) {
                if (one.strip().contentEquals(coding)) {
                    return true;
                }
            }
        }
        return false;
    }
}
