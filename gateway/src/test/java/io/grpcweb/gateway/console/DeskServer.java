package io.grpcweb.gateway.console;

import com.google.protobuf.Any;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldOptions;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A server of grpc-java: {@code message Note { string text = 1; int32 count = 2; Note inner = 3; string pin = 4 [debug_redact = true]; }}, and
 * desk.Desk, whose methods take and give notes. Echo
 * is unary, and fails where the text is "fail"; Count gives as many notes as it says; Collect joins the texts of a stream; Talk echoes each
 * note of a stream.
 */
final class DeskServer implements AutoCloseable {
    private static final Metadata.Key<String> TAG = Metadata.Key.of("x-tag", Metadata.ASCII_STRING_MARSHALLER);

    private final FileDescriptor file = file();
    private final FieldDescriptor text = file.findMessageTypeByName("Note").findFieldByName("text");
    private final FieldDescriptor count = file.findMessageTypeByName("Note").findFieldByName("count");
    private final Server server;

    /** The tag of each call. */
    final BlockingQueue<String> tags = new LinkedBlockingQueue<>();

    /** The method of each call that the caller has given up. */
    final BlockingQueue<String> cancelled = new LinkedBlockingQueue<>();

    /** With a reflection service, or none. */
    DeskServer(BindableService... more) {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(ServerInterceptors.intercept(service(), new Noting()));
        for (BindableService one : more) {
            builder.addService(one);
        }
        try {
            server = builder.build().start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return server.getPort();
    }

    private static FileDescriptor file() {
        FieldDescriptorProto.Builder field = FieldDescriptorProto.newBuilder();
        DescriptorProto note = DescriptorProto.newBuilder()
                .setName("Note")
                .addField(field.setName("text").setNumber(1).setType(FieldDescriptorProto.Type.TYPE_STRING))
                .addField(field.setName("count").setNumber(2).setType(FieldDescriptorProto.Type.TYPE_INT32))
                .addField(FieldDescriptorProto.newBuilder()
                        .setName("inner")
                        .setNumber(3)
                        .setType(FieldDescriptorProto.Type.TYPE_MESSAGE)
                        .setTypeName(".desk.Note"))
                .addField(FieldDescriptorProto.newBuilder()
                        .setName("pin")
                        .setNumber(4)
                        .setType(FieldDescriptorProto.Type.TYPE_STRING)
                        .setOptions(FieldOptions.newBuilder().setDebugRedact(true)))
                .build();
        ServiceDescriptorProto service = ServiceDescriptorProto.newBuilder()
                .setName("Desk")
                .addMethod(method("Echo", false, false))
                .addMethod(method("Count", false, true))
                .addMethod(method("Collect", true, false))
                .addMethod(method("Talk", true, true))
                .build();
        try {
            return FileDescriptor.buildFrom(
                    FileDescriptorProto.newBuilder()
                            .setName("desk.proto")
                            .setPackage("desk")
                            .setSyntax("proto3")
                            .addMessageType(note)
                            .addService(service)
                            .build(),
                    new FileDescriptor[0]);
        } catch (DescriptorValidationException e) {
            throw new AssertionError(e);
        }
    }

    private static MethodDescriptorProto method(String name, boolean fromClient, boolean fromServer) {
        return MethodDescriptorProto.newBuilder()
                .setName(name)
                .setInputType(".desk.Note")
                .setOutputType(".desk.Note")
                .setClientStreaming(fromClient)
                .setServerStreaming(fromServer)
                .build();
    }

    private ServerServiceDefinition service() {
        MethodDescriptor<DynamicMessage, DynamicMessage> echo = grpc("Echo", MethodType.UNARY);
        MethodDescriptor<DynamicMessage, DynamicMessage> counts = grpc("Count", MethodType.SERVER_STREAMING);
        MethodDescriptor<DynamicMessage, DynamicMessage> collect = grpc("Collect", MethodType.CLIENT_STREAMING);
        MethodDescriptor<DynamicMessage, DynamicMessage> talk = grpc("Talk", MethodType.BIDI_STREAMING);
        ServiceDescriptor descriptor = ServiceDescriptor.newBuilder("desk.Desk")
                .setSchemaDescriptor((ProtoFileDescriptorSupplier) () -> file)
                .addMethod(echo)
                .addMethod(counts)
                .addMethod(collect)
                .addMethod(talk)
                .build();
        return ServerServiceDefinition.builder(descriptor)
                .addMethod(echo, ServerCalls.asyncUnaryCall(this::echo))
                .addMethod(counts, ServerCalls.asyncServerStreamingCall(this::count))
                .addMethod(collect, ServerCalls.asyncClientStreamingCall(answers -> stream(answers, true)))
                .addMethod(talk, ServerCalls.asyncBidiStreamingCall(answers -> stream(answers, false)))
                .build();
    }

    private MethodDescriptor<DynamicMessage, DynamicMessage> grpc(String name, MethodType type) {
        var notes = ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(text.getContainingType()));
        return MethodDescriptor.newBuilder(notes, notes)
                .setFullMethodName("desk.Desk/" + name)
                .setType(type)
                .build();
    }

    private DynamicMessage note(String words, int number) {
        return DynamicMessage.newBuilder(text.getContainingType())
                .setField(text, words)
                .setField(count, number)
                .build();
    }

    private void echo(DynamicMessage asked, StreamObserver<DynamicMessage> answers) {
        if (asked.getField(text).equals("fail")) {
            ErrorInfo info = ErrorInfo.newBuilder()
                    .setReason("NO_PAPER")
                    .setDomain("desk")
                    .build();
            answers.onError(StatusProto.toStatusException(Status.newBuilder()
                    .setCode(9)
                    .setMessage("the printer is émpty")
                    .addDetails(Any.pack(info))
                    .addDetails(Any.newBuilder().setTypeUrl("type.googleapis.com/desk.Unknown"))
                    .build()));
            return;
        }
        answers.onNext(asked);
        answers.onCompleted();
    }

    /** Below zero is for ever: one note, and no end. */
    private void count(DynamicMessage asked, StreamObserver<DynamicMessage> answers) {
        int most = (Integer) asked.getField(count);
        Context.current().addListener(gone -> cancelled.add("Count"), Runnable::run);
        for (int i = 1; i <= Math.max(1, most); i++) {
            answers.onNext(note((String) asked.getField(text), i));
        }
        if (most >= 0) {
            answers.onCompleted();
        }
    }

    private StreamObserver<DynamicMessage> stream(StreamObserver<DynamicMessage> answers, boolean joined) {
        StringBuilder all = new StringBuilder();
        return new StreamObserver<>() {
            private int came;

            @Override
            public void onNext(DynamicMessage asked) {
                came++;
                all.append(asked.getField(text));
                if (!joined) {
                    answers.onNext(note((String) asked.getField(text), came));
                }
            }

            @Override
            public void onError(Throwable gone) {
                cancelled.add("stream");
            }

            @Override
            public void onCompleted() {
                if (joined) {
                    answers.onNext(note(all.toString(), came));
                }
                answers.onCompleted();
            }
        };
    }

    private final class Noting implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            tags.add(String.valueOf(headers.get(TAG)));
            return next.startCall(call, headers);
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
