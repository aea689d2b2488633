package io.grpcweb.gateway.filter.connect;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.UnaryCalls;
import io.grpcweb.gateway.schema.BadDescriptors;
import io.grpcweb.gateway.schema.ProtoSchema;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Asks a backend for the descriptors of one service, file by file (grpc doc/server-reflection.md), each question a call of its
 * own. A backend that knows only the older version of the protocol is asked by that one.
 */
final class Reflection implements UnaryCalls.Observer {
    /** For all questions together. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final int MOST_BYTES = 8 << 20;
    private static final int MOST_FILES = 1000;
    private static final String PATH = "/grpc.reflection.%s.ServerReflection/ServerReflectionInfo";

    /** Who waits for the outcome. */
    interface Listener {
        void described(ProtoSchema schema);

        /** The backend does not have the service. */
        void absent();

        /** The backend does not say. */
        void failed(String reason);
    }

    private final UnaryCalls calls;
    private final EventExecutor loop;
    private final String cluster;
    private final String service;
    private final Listener listener;
    private final Map<String, FileDescriptorProto> files = new LinkedHashMap<>();
    private String version = "v1";
    private int field = ReflectionMessages.FILE_WITH_SYMBOL;
    private String wanted;
    private final LongSupplier nanoTime;
    private final long until;
    private long bytes;

    private Reflection(
            UnaryCalls calls,
            EventExecutor loop,
            String cluster,
            String service,
            LongSupplier nanoTime,
            Listener listener) {
        this.calls = calls;
        this.loop = loop;
        this.cluster = cluster;
        this.service = service;
        this.listener = listener;
        this.wanted = service;
        this.nanoTime = nanoTime;
        this.until = nanoTime.getAsLong() + TIMEOUT.toNanos();
    }

    /**
     * Begins to ask.
     *
     * @param loop that everything happens on
     * @param service full name
     * @param listener is told once, at once or later
     */
    static void ask(
            UnaryCalls calls,
            EventExecutor loop,
            String cluster,
            String service,
            LongSupplier nanoTime,
            Listener listener) {
        new Reflection(calls, loop, cluster, service, nanoTime, listener).ask();
    }

    private void ask() {
        long left = until - nanoTime.getAsLong();
        if (left <= 0 || files.size() > MOST_FILES || bytes > MOST_BYTES) {
            listener.failed("the descriptors of " + service + " took more than " + TIMEOUT.toSeconds() + " s, "
                    + MOST_FILES + " files or " + MOST_BYTES + " bytes");
            return;
        }
        UnaryCalls.Method method =
                new UnaryCalls.Method(cluster, "", PATH.formatted(version), Duration.ofNanos(left), MOST_BYTES);
        calls.call(loop, method, ReflectionMessages.question(field, wanted, ByteBufAllocator.DEFAULT), this);
    }

    @Override
    public void answered(ByteBuf lent) {
        bytes += lent.readableBytes();
        ReflectionMessages.Said said;
        try {
            said = ReflectionMessages.read(lent);
        } catch (IOException e) {
            listener.failed("the backend's reflection sends something else: " + e.getMessage());
            return;
        }
        if (said.status() == GrpcStatus.NOT_FOUND && files.isEmpty()) {
            listener.absent();
        } else if (said.status() != GrpcStatus.OK || said.files().isEmpty()) {
            listener.failed("the backend's reflection does not have " + wanted + ": " + said.status());
        } else {
            said.files().forEach(file -> files.putIfAbsent(file.getName(), file));
            next();
        }
    }

    /** Asks for an import that has not come, or is done. */
    private void next() {
        for (FileDescriptorProto file : files.values()) {
            for (String imported : file.getDependencyList()) {
                if (!files.containsKey(imported)) {
                    field = ReflectionMessages.FILE_BY_NAME;
                    wanted = imported;
                    ask();
                    return;
                }
            }
        }
        ProtoSchema schema;
        try {
            schema = ProtoSchema.of(
                    FileDescriptorSet.newBuilder().addAllFile(files.values()).build());
        } catch (BadDescriptors e) {
            listener.failed(e.getMessage());
            return;
        }
        listener.described(schema);
    }

    @Override
    public void failed(GrpcStatus status, String message) {
        if (status == GrpcStatus.UNIMPLEMENTED && version.equals("v1")) {
            version = "v1alpha";
            ask();
        } else {
            listener.failed(status + (message.isEmpty() ? "" : ": " + message));
        }
    }

    @Override
    public void broken(Throwable fault) {
        listener.failed("a fault of the gateway: " + fault);
    }
}
