package io.grpcweb.gateway.net;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * Netty's decoder of field blocks. The names that a peer sends are checked (RFC 9113 section 8.2.1); those that the
 * gateway adds afterwards are its own or were checked with the configuration, and need not be looked at for every call.
 */
final class ReceivedFieldsDecoder extends DefaultHttp2HeadersDecoder {
    /** Buckets: what an answer or a call has, and what is added on the way. */
    private static final int FIELDS = 16;

    ReceivedFieldsDecoder(long headerListSize) {
        super(true, headerListSize);
    }

    @Override
    protected Http2Headers newHeaders() {
        return new Fields();
    }

    @Override
    public Http2Headers decodeHeaders(int streamId, ByteBuf block) throws Http2Exception {
        Http2Headers fields = super.decodeHeaders(streamId, block);
        ((Fields) fields).complete = true;
        return fields;
    }

    private static final class Fields extends DefaultHttp2Headers {
        private boolean complete;

        Fields() {
            super(true, false, FIELDS);
        }

        @Override
        protected void validateName(NameValidator<CharSequence> validator, boolean forAdd, CharSequence name) {
            if (!complete) {
                super.validateName(validator, forAdd, name);
            }
        }
    }
}
