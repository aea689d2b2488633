package io.grpcweb.gateway.filter.reflection;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.SideAnswer;
import io.grpcweb.gateway.http.SideCalls;
import io.grpcweb.gateway.http.SideFailure;
import io.grpcweb.gateway.http.SideObserver;
import io.grpcweb.gateway.http.SideRequest;
import io.grpcweb.gateway.schema.BadDescriptors;
import io.grpcweb.gateway.schema.ProtoSchema;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Asks a backend once for the descriptors of its services: which services there are, in which files they stand, and which files those
 * import that did not come with them. Each round is a call of its own, bounded in time; their number is bounded, and what they bring together.
 * Confined to an event loop.
 */
public final class SchemaFetch implements SideObserver {
    private static final String V1 = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
    private static final String V1_ALPHA = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int MOST_BYTES = 16 << 20;
    private static final int MOST_ROUNDS = 20;

    private final String cluster;
    private final SideCalls calls;
    private final EventExecutor loop;
    private final Outcome outcome;
    private final Map<String, FileDescriptorProto> files = new LinkedHashMap<>();
    private String path = V1;
    private Set<String> asked = Set.of();
    private int rounds;
    private int left = MOST_BYTES;

    /** Who is told how it ended, once. */
    public interface Outcome {

        void fetched(ProtoSchema schema);

        void failed(String reason);
    }

    /**
     * A question that has not been asked.
     *
     * @param loop that {@link #start} is called on, and everything happens on
     */
    public SchemaFetch(String cluster, SideCalls calls, EventExecutor loop, Outcome outcome) {
        this.cluster = cluster;
        this.calls = calls;
        this.loop = loop;
        this.outcome = outcome;
    }

    /** Asks. */
    public void start() {
        ask(ReflectionRequest.services());
    }

    private void ask(ByteBuf body) {
        if (++rounds > MOST_ROUNDS) {
            body.release();
            outcome.failed("more than " + MOST_ROUNDS + " rounds of questions");
            return;
        }
        Http2Headers head = new DefaultHttp2Headers(false).method("POST").path(path);
        head.set(HttpHeaderNames.CONTENT_TYPE, "application/grpc");
        head.set(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS);
        calls.call(loop, new SideRequest(cluster, head, body, TIMEOUT, left), this);
    }

    @Override
    public void answered(SideAnswer answer) {
        left -= answer.body().readableBytes();
        Http2Headers last = answer.trailers() == null ? answer.head() : answer.trailers();
        CharSequence field = last.get(GrpcHeaders.STATUS);
        int status = field == null ? -1 : GrpcStatus.parse(field);
        if (status == GrpcStatus.UNIMPLEMENTED.code() && path.equals(V1)) {
            path = V1_ALPHA;
            rounds = 0;
            start();
        } else if (status != 0) {
            outcome.failed(
                    status == GrpcStatus.UNIMPLEMENTED.code()
                            ? "it has no reflection service"
                            : "HTTP status " + answer.status() + ", grpc-status " + status);
        } else {
            read(answer.body());
        }
    }

    private void read(ByteBuf body) {
        try {
            ReflectionAnswer answer = ReflectionAnswer.read(body);
            if (rounds == 1) {
                services(answer);
                return;
            }
            answer.files().forEach(file -> files.putIfAbsent(file.getName(), file));
            Set<String> missing = missing();
            if (missing.isEmpty()) {
                outcome.fetched(ProtoSchema.of(FileDescriptorSet.newBuilder()
                        .addAllFile(files.values())
                        .build()));
            } else if (missing.equals(asked)) {
                outcome.failed("it does not have the files " + missing + " " + answer.errors());
            } else {
                asked = missing;
                ask(ReflectionRequest.files(missing));
            }
        } catch (InvalidProtocolBufferException | BadDescriptors e) {
            outcome.failed(e.getMessage());
        }
    }

    private void services(ReflectionAnswer answer) {
        List<String> wanted = answer.services().stream()
                .filter(name -> !name.startsWith("grpc.reflection."))
                .toList();
        if (wanted.isEmpty()) {
            outcome.failed("it tells of no services");
        } else {
            ask(ReflectionRequest.filesOf(wanted));
        }
    }

    private Set<String> missing() {
        Set<String> missing = new TreeSet<>();
        for (FileDescriptorProto file : files.values()) {
            for (String wanted : file.getDependencyList()) {
                if (!files.containsKey(wanted)) {
                    missing.add(wanted);
                }
            }
        }
        return missing;
    }

    @Override
    public void failed(SideFailure failure, String reason) {
        outcome.failed(reason);
    }

    @Override
    public void broken(Throwable fault) {
        outcome.failed("a fault of the gateway: " + fault);
    }
}
