package io.grpcweb.gateway.filter.reflection;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import io.grpcweb.gateway.http.SideAnswer;
import io.grpcweb.gateway.http.SideCall;
import io.grpcweb.gateway.http.SideObserver;
import io.grpcweb.gateway.http.SideRequest;
import io.grpcweb.gateway.schema.ProtoSchema;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.ProtoFields;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a backend that is asked for its descriptors may cost; {@code ServerReflectionResponse} by its field numbers. */
final class SchemaFetchTest {
    private static final int FILES = 4;
    private static final int SERVICES = 6;

    private final List<Integer> mostBytes = new ArrayList<>();
    private final List<String> outcome = new ArrayList<>();
    private SideObserver asking;

    private void ask() {
        new SchemaFetch(
                        "backend",
                        (loop, request, observer) -> asked(request, observer),
                        ImmediateEventExecutor.INSTANCE,
                        new SchemaFetch.Outcome() {
                            @Override
                            public void fetched(ProtoSchema schema) {
                                outcome.add("fetched");
                            }

                            @Override
                            public void failed(String reason) {
                                outcome.add(reason);
                            }
                        })
                .start();
    }

    private SideCall asked(SideRequest request, SideObserver observer) {
        request.body().release();
        mostBytes.add(request.mostBytes());
        asking = observer;
        return null;
    }

    private void answer(ProtoFields message) {
        asking.answered(new SideAnswer(
                new DefaultHttp2Headers().status("200"),
                Unpooled.wrappedBuffer(Frames.message(message.fields().toByteArray())),
                new DefaultHttp2Headers().set("grpc-status", "0")));
    }

    /** A file with a comment of so many bytes, which asks for another one. */
    private static ProtoFields file(String name, String wanted, int bytes) {
        FileDescriptorProto file = FileDescriptorProto.newBuilder()
                .setName(name)
                .addDependency(wanted)
                .setPackage("p".repeat(bytes))
                .build();
        return ProtoFields.of(FILES, ProtoFields.of(1, file.toByteString()));
    }

    @Test
    void whatAllRoundsBringTogetherIsBounded() {
        ask();
        answer(ProtoFields.of(SERVICES, ProtoFields.of(1, ProtoFields.of(1, "a.B"))));
        answer(file("1.proto", "2.proto", 1_000_000));
        answer(file("2.proto", "3.proto", 2_000_000));
        assertThat(mostBytes).hasSize(4);
        assertThat(mostBytes.get(0)).isEqualTo(16 << 20);
        assertThat(mostBytes.get(1) - mostBytes.get(2)).isBetween(1_000_000, 1_000_100);
        assertThat(mostBytes.get(2) - mostBytes.get(3)).isBetween(2_000_000, 2_000_100);
        assertThat(outcome).isEmpty();
    }

    @Test
    void theNumberOfRoundsIsBounded() {
        ask();
        answer(ProtoFields.of(SERVICES, ProtoFields.of(1, ProtoFields.of(1, "a.B"))));
        for (int i = 0; outcome.isEmpty(); i++) {
            answer(file(i + ".proto", i + 1 + ".proto", 1));
        }
        assertThat(outcome).containsExactly("more than 20 rounds of questions");
        assertThat(mostBytes).hasSize(20);
    }

    @Test
    void fieldsThatNobodyKnowsAreNotKept() {
        ask();
        ByteString varints = ByteString.copyFrom(new byte[] {0x50, 1, 0x50, 1, 0x5d, 1, 2, 3, 4});
        asking.answered(new SideAnswer(
                new DefaultHttp2Headers().status("200"),
                Unpooled.wrappedBuffer(Frames.message(varints.toByteArray())),
                new DefaultHttp2Headers().set("grpc-status", "0")));
        assertThat(outcome).containsExactly("it tells of no services");
    }

    @Test
    void aMessageThatIsCutOffIsAFailure() {
        ask();
        asking.answered(new SideAnswer(
                new DefaultHttp2Headers().status("200"),
                Unpooled.wrappedBuffer(Frames.message(new byte[] {0x32, 5, 1})),
                new DefaultHttp2Headers().set("grpc-status", "0")));
        assertThat(outcome).singleElement().asString().contains("input ended unexpectedly");
    }
}
