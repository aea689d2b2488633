package io.grpcweb.gateway.filter.customresponse;

import io.grpcweb.gateway.filter.customresponse.CustomResponseConfig.Replacement;
import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.HeaderEdit;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.http.Substitution;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A response that takes the place of another one, ready to be made. */
final class PreparedReply {
    private final Replacement config;
    private final Substitution format;
    private final HeaderEdit headers;
    private final Details details;

    PreparedReply(Replacement config, Substitution.Compiler compiler) {
        this.config = config;
        this.format = config.format().map(compiler::body).orElse(null);
        this.headers = new HeaderEdit(config.headers(), List.of(), compiler);
        this.details = Details.configured(config.details());
    }

    /**
     * The response for one exchange.
     *
     * @param before the local reply that it replaces; null where it is the backend's response
     */
    LocalReply of(LocalReply before, StreamInfo info) {
        int status = config.status().orElse(info.responseCode);
        String text = config.body().orElse(before == null ? "" : before.message());
        if (format != null) {
            info.localReplyBody = text;
            text = format.of(info);
        }
        Http2Headers fields = new DefaultHttp2Headers(false);
        config.contentType().ifPresent(type -> fields.set("content-type", type));
        headers.apply(fields, info);
        List<Map.Entry<String, String>> list = new ArrayList<>(fields.size());
        fields.forEach(field ->
                list.add(Map.entry(field.getKey().toString(), field.getValue().toString())));
        return new LocalReply(
                status,
                GrpcStatus.fromHttp(status).code(),
                text,
                null,
                config.keepsDetails() ? info.details : details,
                list);
    }
}
