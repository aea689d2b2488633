package io.grpcweb.gateway.filter.grpcjsontranscoder;

import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.http.MediaType;
import io.grpcweb.gateway.schema.JsonReader;
import io.grpcweb.gateway.schema.JsonRules;
import io.grpcweb.gateway.schema.JsonWriter;
import io.grpcweb.gateway.schema.ProtoSchema;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.function.Consumer;

/** Prepares the rules of one place of the configuration, and makes filters for requests that are no native gRPC. */
final class TranscoderFactory implements HttpFilterFactory {
    private final TranscoderConfig config;
    private final Resolver resolver;
    private final JsonReader reader;
    private final JsonWriter writer;

    /**
     * Prepares the rules.
     *
     * @param problems is told of what cannot be used of them
     */
    TranscoderFactory(TranscoderConfig config, ProtoSchema schema, Consumer<String> problems) {
        this.config = config;
        List<String> services = config.services().isEmpty()
                ? schema.services().stream().map(ServiceDescriptor::getFullName).toList()
                : config.services();
        this.resolver = new Resolver(Rules.of(schema, services, config.methods(), problems), config);
        this.reader = new JsonReader(schema, JsonRules.lenient(config.anyCaseEnums()));
        this.writer = new JsonWriter(schema, config.style());
    }

    @Override
    public HttpFilter create(Exchange exchange, Http2Headers head) {
        return isNative(head) ? null : new TranscoderFilter(exchange, this);
    }

    /** Whether a request is a call of gRPC already. */
    static boolean isNative(Http2Headers head) {
        return MediaType.formatOf(head.get(HttpHeaderNames.CONTENT_TYPE)) == CallFormat.GRPC;
    }

    TranscoderConfig config() {
        return config;
    }

    Resolver resolver() {
        return resolver;
    }

    RequestBody request(Call call, Exchange exchange, String contentType) {
        RequestMessages messages =
                new RequestMessages(call, reader, config.errors().collisions(), exchange.allocator());
        RawBody raw = call.rule().bodyIsRaw() ? new RawBody(contentType, call.unknown()) : null;
        if (!call.rule().method().clientStreaming()) {
            return new WholeRequest(messages, raw, config.mostRequest(), exchange.allocator());
        }
        return raw == null
                ? new JsonStream(messages, config.mostRequest(), exchange.allocator())
                : new RawStream(messages, raw);
    }

    ResponseBody response(Rule rule, Exchange exchange, HttpFilter upper) {
        ResponseMessages messages = new ResponseMessages(rule, writer);
        StatusJson status = config.errors().asJson() ? new StatusJson(writer, exchange.allocator()) : null;
        int most = config.mostResponse();
        if (!rule.method().serverStreaming()) {
            return new WholeResponse(upper, messages, rule.responseIsRaw(), status, most, exchange.allocator());
        }
        return rule.responseIsRaw()
                ? new RawResponses(upper, messages, config.streams(), status, most, exchange.allocator())
                : new JsonResponses(upper, messages, config.streams(), status, most, exchange.allocator());
    }
}
