package io.grpcweb.gateway.telemetry;

import io.grpcweb.gateway.format.ConnectionOperators;
import io.grpcweb.gateway.http.ResponseFlag;
import io.grpcweb.gateway.http.StreamInfo;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One request that has ended. It may be kept. Texts are empty where there is nothing to say; those of the request are what the
 * client sent, whatever characters it chose.
 *
 * @param began when the head of the request was there, to the millisecond
 * @param duration until the last byte of the response had left
 * @param listener name of the listener
 * @param protocol {@code HTTP/1.1} or {@code HTTP/2}
 * @param client the address of the client in digits, without a port
 */
public record AccessLogEntry(
        Instant began,
        Duration duration,
        String listener,
        String protocol,
        String client,
        Request request,
        Response response,
        Backend backend) {

    /**
     * What was asked for.
     *
     * @param path without its query, in which clients put credentials
     * @param route name of the route
     * @param id x-request-id
     * @param bytes of the body as they came
     */
    public record Request(String method, String authority, String path, String route, String id, long bytes) {}

    /**
     * What the client got.
     *
     * @param httpStatus 0 where it got none
     * @param grpcStatus 0 to 16, or -1 for a request that is no gRPC call and where there is none
     * @param flags Envoy's response flags, such as {@code UF}
     * @param details Envoy's response code details, such as {@code via_upstream}
     * @param bytes of the body as they left
     */
    public record Response(int httpStatus, int grpcStatus, Set<String> flags, String details, long bytes) {}

    /**
     * Who was asked.
     *
     * @param endpoint address of the last attempt
     * @param attempts 0 where no backend was asked
     * @param failure what the transport said of the last failure
     */
    public record Backend(String cluster, String endpoint, int attempts, String failure) {}

    static AccessLogEntry of(StreamInfo info) {
        Http2Headers head = info.requestHeaders;
        String client = info.clientAddress == null ? info.connection.remoteHost() : info.clientAddress;
        return new AccessLogEntry(
                Instant.ofEpochMilli(info.startMillis),
                Duration.ofNanos(Math.max(0, info.endNanos - info.startNanos)),
                text(info.connection.listener()),
                text(info.protocol),
                text(client),
                new Request(
                        text(head.method()),
                        text(head.authority()),
                        withoutQuery(text(info.originalPath)),
                        info.routeName,
                        text(head.get("x-request-id")),
                        info.bytesReceived),
                new Response(info.responseCode, info.grpcStatus, flags(info), text(info.details), info.bytesSent),
                new Backend(
                        text(info.cluster),
                        text(ConnectionOperators.text(info.upstreamRemote)),
                        info.attempts,
                        text(info.upstreamFailure)));
    }

    private static String text(Object value) {
        return value == null ? "" : value.toString();
    }

    private static String withoutQuery(String path) {
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }

    private static Set<String> flags(StreamInfo info) {
        return info.hasFlags()
                ? info.flags().stream().map(ResponseFlag::shortName).collect(Collectors.toUnmodifiableSet())
                : Set.of();
    }
}
