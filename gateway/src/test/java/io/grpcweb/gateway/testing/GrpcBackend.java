package io.grpcweb.gateway.testing;

import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * A gRPC server that is a process of its own, so that it can really be killed. It writes the name of every call that it
 * begins into a journal. {@code Answer} takes "NAME MILLIS" and answers after that time; {@code Hold} (unary) and
 * {@code Stream} (a message at once) take "NAME" and end when a line comes on the standard input. SIGTERM lets calls
 * under way finish for a while, as servers do.
 *
 * <p>Arguments: address, port (0 for any), journal, seconds of grace. Writes its port when it is ready.
 */
final class GrpcBackend {
    private static final int BIND_ATTEMPTS = 100;

    private final FileChannel journal;

    /**
     * For everything: an answer that is given on the connection's own thread leaves as a whole, so that a kill comes before it
     * or after it. A part of an answer could not be taken back, and its call not be saved.
     */
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    private final Queue<StreamObserver<byte[]>> held = new ConcurrentLinkedQueue<>();

    private GrpcBackend(Path journal) throws IOException {
        this.journal = FileChannel.open(journal, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    public static void main(String[] args) throws Exception {
        GrpcBackend backend = new GrpcBackend(Path.of(args[2]));
        Server server = backend.start(new InetSocketAddress(args[0], Integer.parseInt(args[1])));
        int grace = Integer.parseInt(args[3]);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server, grace)));
        System.out.println(server.getPort());
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (commands.readLine() != null) {
            backend.release();
        }
        // The test is gone.
        System.exit(1);
    }

    private static void end(Server server, int grace) {
        try {
            if (!server.shutdown().awaitTermination(grace, TimeUnit.SECONDS)) {
                server.shutdownNow().awaitTermination();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The port of a backend that was here before may be taken by a passer-by for a moment. */
    private Server start(InetSocketAddress address) throws IOException, InterruptedException {
        for (int i = 1; ; i++) {
            try {
                return NettyServerBuilder.forAddress(address)
                        .channelType(NioServerSocketChannel.class)
                        .bossEventLoopGroup(loop)
                        .workerEventLoopGroup(loop)
                        .directExecutor()
                        .addService(service())
                        .build()
                        .start();
            } catch (IOException e) {
                if (i == BIND_ATTEMPTS) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    private ServerServiceDefinition service() {
        return ServerServiceDefinition.builder("test.Backend")
                .addMethod(
                        method("Answer", MethodDescriptor.MethodType.UNARY), ServerCalls.asyncUnaryCall(this::answer))
                .addMethod(method("Hold", MethodDescriptor.MethodType.UNARY), ServerCalls.asyncUnaryCall(this::hold))
                .addMethod(
                        method("Stream", MethodDescriptor.MethodType.SERVER_STREAMING),
                        ServerCalls.asyncServerStreamingCall(this::stream))
                .build();
    }

    private void answer(byte[] request, StreamObserver<byte[]> answers) {
        String[] words = new String(request, StandardCharsets.UTF_8).split(" ", 2);
        begun(words[0]);
        loop.schedule(
                () -> {
                    answers.onNext(request);
                    answers.onCompleted();
                },
                Long.parseLong(words[1]),
                TimeUnit.MILLISECONDS);
    }

    private void hold(byte[] request, StreamObserver<byte[]> answers) {
        held.add(answers);
        begun(new String(request, StandardCharsets.UTF_8));
    }

    private void stream(byte[] request, StreamObserver<byte[]> answers) {
        answers.onNext(request);
        hold(request, answers);
    }

    private void release() {
        for (StreamObserver<byte[]> one = held.poll(); one != null; one = held.poll()) {
            one.onNext(new byte[0]);
            one.onCompleted();
        }
    }

    private void begun(String name) {
        try {
            journal.write(ByteBuffer.wrap((name + "\n").getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MethodDescriptor<byte[], byte[]> method(String name, MethodDescriptor.MethodType type) {
        return MethodDescriptor.<byte[], byte[]>newBuilder(new ByteMarshaller(), new ByteMarshaller())
                .setFullMethodName("test.Backend/" + name)
                .setType(type)
                .build();
    }
}
