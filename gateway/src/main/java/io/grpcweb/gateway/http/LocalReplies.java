package io.grpcweb.gateway.http;

import io.grpcweb.gateway.config.AccessLogConfig;
import io.grpcweb.gateway.config.HttpConfig.LocalReplyMapping;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.function.Predicate;

/** What the configuration makes of the gateway's own answers: the first mapping that fits changes them. */
public final class LocalReplies {
    /** Leaves them as they are. */
    public static final LocalReplies NONE = new LocalReplies(new Mapping[0]);

    private final Mapping[] mappings;

    private record Mapping(
            LocalReplyMapping config,
            Predicate<StreamInfo> when,
            Substitution format,
            String contentType,
            HeaderEdit headers) {}

    private LocalReplies(Mapping[] mappings) {
        this.mappings = mappings;
    }

    /** Prepares the mappings of a listener. */
    public static LocalReplies of(List<LocalReplyMapping> configs, Substitution.Compiler compiler) {
        return configs.isEmpty()
                ? NONE
                : new LocalReplies(
                        configs.stream().map(one -> mapping(one, compiler)).toArray(Mapping[]::new));
    }

    private static Mapping mapping(LocalReplyMapping config, Substitution.Compiler compiler) {
        boolean json = config.bodyFormat()
                .filter(AccessLogConfig.Format.Json.class::isInstance)
                .isPresent();
        return new Mapping(
                config,
                config.when().map(compiler::condition).orElse(info -> true),
                config.bodyFormat().map(compiler::body).orElse(null),
                config.contentType().orElse(json ? "application/json" : "text/plain"),
                new HeaderEdit(config.headers().responseAdd(), List.of(), compiler));
    }

    /** The response that is sent instead; the head is changed in place. */
    public LocalReply rewrite(LocalReply reply, Http2Headers head, StreamInfo info) {
        if (mappings.length == 0) {
            return reply;
        }
        info.responseHeaders = head;
        info.responseCode = reply.httpStatus();
        for (Mapping mapping : mappings) {
            if (mapping.when.test(info)) {
                return rewrite(mapping, reply, head, info);
            }
        }
        return reply;
    }

    private static LocalReply rewrite(Mapping mapping, LocalReply reply, Http2Headers head, StreamInfo info) {
        CharSequence typeBefore = head.get(HttpHeaderNames.CONTENT_TYPE);
        mapping.headers.apply(head, info);
        int status = mapping.config.status().orElse(reply.httpStatus());
        info.responseCode = status;
        head.status(Integer.toString(status));
        String body = mapping.config.body().orElse(reply.message());
        if (mapping.format != null) {
            info.localReplyBody = body;
            body = mapping.format.of(info);
        }
        CharSequence type = head.get(HttpHeaderNames.CONTENT_TYPE);
        if (!body.equals(reply.message())
                && (type == null || AsciiString.contentEquals(type, typeBefore == null ? "" : typeBefore))) {
            head.set(HttpHeaderNames.CONTENT_TYPE, mapping.contentType);
        }
        // A gRPC status that only stands for the HTTP status changes with it.
        boolean derived =
                reply.grpcStatus() == GrpcStatus.fromHttp(reply.httpStatus()).code();
        int grpcStatus = derived ? GrpcStatus.fromHttp(status).code() : reply.grpcStatus();
        String text = info.format == CallFormat.HTTP ? body : body.stripTrailing();
        return new LocalReply(status, grpcStatus, text, reply.flag(), reply.details(), reply.headers());
    }
}
