package io.grpcweb.gateway.net;

import io.grpcweb.gateway.http.HeaderBlock;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * Netty's decoder of field blocks. The names and values that a peer sends are checked (RFC 9113 section 8.2.1), once and as
 * they are decoded; those that the gateway adds afterwards are its own or were checked with the configuration, and need not
 * be looked at for every call.
 */
final class ReceivedFieldsDecoder extends DefaultHttp2HeadersDecoder {
    /** Buckets: what a response or a call has, and what is added on the way. */
    private static final int FIELDS = 16;

    /**
     * A blank before a value is refused in requests. One behind it is malformed as well (RFC 9113 section 8.2.1), but clients send
     * it, such as a scheme of authorization without its token, and Envoy hands it on.
     */
    private final boolean refusesLeadingBlanks;

    ReceivedFieldsDecoder(long headerListSize, boolean refusesLeadingBlanks) {
        super(true, headerListSize);
        this.refusesLeadingBlanks = refusesLeadingBlanks;
    }

    @Override
    protected Http2Headers newHeaders() {
        return new Fields(refusesLeadingBlanks);
    }

    @Override
    public Http2Headers decodeHeaders(int streamId, ByteBuf block) throws Http2Exception {
        Http2Headers fields = super.decodeHeaders(streamId, block);
        ((Fields) fields).complete = true;
        return fields;
    }

    private static final class Fields extends DefaultHttp2Headers {
        private final boolean refusesLeadingBlanks;
        private boolean complete;

        Fields(boolean refusesLeadingBlanks) {
            super(true, false, FIELDS);
            this.refusesLeadingBlanks = refusesLeadingBlanks;
        }

        @Override
        protected void validateName(NameValidator<CharSequence> validator, boolean forAdd, CharSequence name) {
            if (!complete) {
                super.validateName(validator, forAdd, name);
            }
        }

        @Override
        protected void validateValue(ValueValidator<CharSequence> validator, CharSequence name, CharSequence value) {
            if (!complete && (!HeaderBlock.isValue(value) || refusesLeadingBlanks && HeaderBlock.beginsBlank(value))) {
                throw new IllegalArgumentException("a value with control characters, or with a blank before it");
            }
        }
    }
}
