package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.http.HeaderBlock;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/**
 * The fields of an HTTP/1.1 message as the decoder reads them, kept from the start in the shape that both versions share:
 * names in lower-case, room for pseudo-header fields. Names and values must be those of HTTP/1.1 (RFC 9110 section 5).
 */
final class Http1Fields extends DefaultHttpHeaders {
    /** What a client's call has, and what is added on the way to the backend. */
    private static final int FIELDS = 32;

    private static final int TRAILERS = 2;

    private final DefaultHttp2Headers fields;
    private final DefaultHttpHeadersFactory rules;

    private Http1Fields(DefaultHttp2Headers fields, DefaultHttpHeadersFactory rules) {
        super(fields);
        this.fields = fields;
        this.rules = rules;
    }

    /** Makes the fields of heads. */
    static HttpHeadersFactory heads() {
        return factory(FIELDS, DefaultHttpHeadersFactory.headersFactory());
    }

    /** Makes the fields behind a chunked body. */
    static HttpHeadersFactory trailers() {
        return factory(TRAILERS, DefaultHttpHeadersFactory.trailersFactory());
    }

    private static HttpHeadersFactory factory(int room, DefaultHttpHeadersFactory rules) {
        return new HttpHeadersFactory() {
            @Override
            public HttpHeaders newHeaders() {
                return new Http1Fields(new DefaultHttp2Headers(false, room), rules);
            }

            @Override
            public HttpHeaders newEmptyHeaders() {
                return newHeaders();
            }
        };
    }

    /** The same fields; what is added to them is added here. */
    Http2Headers shared() {
        return fields;
    }

    @Override
    public HttpHeaders add(CharSequence name, Object value) {
        rules.getNameValidator().validateName(name);
        AsciiString key = AsciiString.of(name).toLowerCase();
        CharSequence text = value instanceof CharSequence sequence ? sequence : value.toString();
        if (!HeaderBlock.isValue(text)) {
            throw new IllegalArgumentException("a value with control characters");
        }
        fields.add(key, text);
        return this;
    }

    @Override
    public HttpHeaders add(String name, Object value) {
        return add((CharSequence) name, value);
    }
}
