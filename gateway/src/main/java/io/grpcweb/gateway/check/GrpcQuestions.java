package io.grpcweb.gateway.check;

import io.grpcweb.gateway.filter.reflection.SchemaFetch;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.SideAnswer;
import io.grpcweb.gateway.http.SideFailure;
import io.grpcweb.gateway.http.SideObserver;
import io.grpcweb.gateway.http.SideRequest;
import io.grpcweb.gateway.schema.ProtoSchema;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.Promise;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What an endpoint that speaks HTTP/2 is asked: its health, and which services it has. */
final class GrpcQuestions {
    private static final String HEALTH = "/grpc.health.v1.Health/Check";
    private static final int MOST_BYTES = 1024;
    private static final int FRAME = 5;
    private static final int LONGEST_SERVICE = 127;
    /** {@code HealthCheckResponse.status}: number 1, varint. */
    private static final int STATUS_FIELD = 0x08;

    private static final int SERVING = 1;

    private final EventLoop loop;
    private final StreamCalls calls;

    GrpcQuestions(EventLoop loop, StreamCalls calls) {
        this.loop = loop;
        this.calls = calls;
    }

    /** How the health service answers. */
    enum Health {
        SERVING,
        NOT_SERVING,
        /** It has a health service, which does not know the name. */
        UNKNOWN_SERVICE,
        /** It has no health service. */
        NONE,
        /** It does not answer as a gRPC server does. */
        NOT_GRPC,
        /** It does not answer, or the call was refused. */
        FAILED
    }

    /** The answer, and words about it. */
    record HealthAnswer(Health health, String words) {}

    /** Asks how a service is; an empty name is the server as a whole (grpc/doc/health-checking.md). */
    HealthAnswer health(String service, Budget budget) throws InterruptedException {
        Promise<HealthAnswer> done = loop.newPromise();
        Http2Headers head = new DefaultHttp2Headers(false).method("POST").path(HEALTH);
        head.set(HttpHeaderNames.CONTENT_TYPE, "application/grpc").set(HttpHeaderNames.TE, "trailers");
        SideRequest request = new SideRequest("", head, healthRequest(service), budget.left(), MOST_BYTES);
        loop.execute(() -> calls.call(loop, request, new SideObserver() {
            @Override
            public void answered(SideAnswer answer) {
                done.trySuccess(judge(answer));
            }

            @Override
            public void failed(SideFailure failure, String reason) {
                done.trySuccess(new HealthAnswer(Health.FAILED, reason));
            }

            @Override
            public void broken(Throwable fault) {
                done.tryFailure(fault);
            }
        }));
        budget.await(done);
        return done.isSuccess() ? done.getNow() : new HealthAnswer(Health.FAILED, "no answer in time");
    }

    /** A gRPC frame with a {@code HealthCheckRequest}: field 1 is the name of the service, left out where empty. */
    private static ByteBuf healthRequest(String service) {
        byte[] name = service.getBytes(StandardCharsets.UTF_8);
        if (name.length == 0 || name.length > LONGEST_SERVICE) {
            return Unpooled.buffer().writeByte(0).writeInt(0);
        }
        return Unpooled.buffer()
                .writeByte(0)
                .writeInt(name.length + 2)
                .writeByte(0x0a)
                .writeByte(name.length)
                .writeBytes(name);
    }

    private static HealthAnswer judge(SideAnswer answer) {
        Http2Headers last = answer.trailers() == null ? answer.head() : answer.trailers();
        CharSequence field = last.get(GrpcHeaders.STATUS);
        if (field == null) {
            return new HealthAnswer(
                    Health.NOT_GRPC,
                    "HTTP status " + answer.status() + ", content-type "
                            + answer.head().get(HttpHeaderNames.CONTENT_TYPE, "(none)"));
        }
        int status = GrpcStatus.parse(field);
        if (status == GrpcStatus.UNIMPLEMENTED.code()) {
            return new HealthAnswer(Health.NONE, "");
        }
        if (status == GrpcStatus.NOT_FOUND.code()) {
            return new HealthAnswer(Health.UNKNOWN_SERVICE, "");
        }
        if (status != 0) {
            return new HealthAnswer(
                    Health.FAILED, "grpc-status " + field + ", " + last.get(GrpcHeaders.MESSAGE, "no message"));
        }
        ByteBuf body = answer.body();
        boolean serving = body.readableBytes() == FRAME + 2
                && body.getByte(FRAME) == STATUS_FIELD
                && body.getByte(FRAME + 1) == SERVING;
        return new HealthAnswer(serving ? Health.SERVING : Health.NOT_SERVING, "");
    }

    /** Asks for the descriptors of its services; empty where it does not tell them. */
    Optional<ProtoSchema> services(Budget budget) throws InterruptedException {
        Promise<Optional<ProtoSchema>> done = loop.newPromise();
        SchemaFetch fetch = new SchemaFetch("", calls, loop, new SchemaFetch.Outcome() {
            @Override
            public void fetched(ProtoSchema schema) {
                done.trySuccess(Optional.of(schema));
            }

            @Override
            public void failed(String reason) {
                done.trySuccess(Optional.empty());
            }
        });
        loop.execute(fetch::start);
        return budget.await(done) && done.isSuccess() ? done.getNow() : Optional.empty();
    }
}
