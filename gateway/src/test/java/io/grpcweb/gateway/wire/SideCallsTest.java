package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.SideAnswer;
import io.grpcweb.gateway.http.SideCall;
import io.grpcweb.gateway.http.SideCalls;
import io.grpcweb.gateway.http.SideFailure;
import io.grpcweb.gateway.http.SideObserver;
import io.grpcweb.gateway.http.SideRequest;
import io.grpcweb.gateway.http.UnaryCalls;
import io.grpcweb.gateway.net.FileWatch;
import io.grpcweb.gateway.net.Transport;
import io.grpcweb.gateway.stats.Stats;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http2Peer;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import io.grpcweb.gateway.upstream.pool.ClusterCalls;
import io.grpcweb.gateway.upstream.pool.ClusterChange;
import io.grpcweb.gateway.upstream.pool.ClusterManager;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls of the gateway's own to a cluster: what the backend sees, what their caller hears, what is counted. */
class SideCallsTest {
    private static final String PATH = "/check.Service/Check";
    private static final Duration LONG = Duration.ofSeconds(10);

    private final EventLoopGroup loops = Transport.group(1, "side");
    private final EventLoop loop = loops.next();
    private final FileWatch files = new FileWatch(Duration.ofHours(1));
    private final Stats stats = new Stats();
    private final ScriptedBackend backend = new ScriptedBackend();
    private final BlockingQueue<String> outcomes = new LinkedBlockingQueue<>();
    private final ClusterManager clusters = new ClusterManager(loops, stats, files);
    private final SideCalls calls = new ClusterCalls(clusters);

    private void cluster(String more) throws IOException, InterruptedException {
        cluster(more, backend.port());
    }

    private void cluster(String more, int port) throws IOException, InterruptedException {
        ClusterChange change = prepared(more, port);
        CountDownLatch ready = new CountDownLatch(1);
        change.warm(ready::countDown);
        ready.await();
        change.commit(Duration.ofSeconds(5));
    }

    private ClusterChange prepared(String more, int port) throws IOException {
        return clusters.prepare(Setup.own("prefix = \"/\", cluster = backend", more, "127.0.0.1:" + port)
                .clusters());
    }

    @AfterEach
    void stop() {
        clusters.close();
        files.close();
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
        backend.close();
    }

    /** Notes what it is told. */
    private final class Noting implements SideObserver, UnaryCalls.Observer {
        @Override
        public void answered(SideAnswer answer) {
            String trailers = answer.trailers() == null
                    ? ""
                    : " status " + answer.trailers().get("grpc-status");
            outcomes.add(answer.status() + " " + answer.body().toString(StandardCharsets.US_ASCII) + trailers);
        }

        @Override
        public void failed(SideFailure failure, String reason) {
            outcomes.add(failure + " " + reason);
        }

        @Override
        public void answered(ByteBuf lent) {
            outcomes.add("message " + ByteBufUtil.hexDump(lent));
        }

        @Override
        public void failed(GrpcStatus status, String message) {
            outcomes.add(status + " " + message);
        }

        @Override
        public void broken(Throwable fault) {
            outcomes.add("broken " + fault.getMessage());
        }
    }

    private static Http2Headers head(String method) {
        return new DefaultHttp2Headers(false).method(method).path(PATH);
    }

    private SideCall call(SideRequest request) {
        return call(request, new Noting());
    }

    private SideCall call(SideRequest request, SideObserver observer) {
        return loop.submit(() -> calls.call(loop, request, observer))
                .awaitUninterruptibly()
                .getNow();
    }

    private void ask(Duration timeout, int mostBytes) {
        loop.execute(() -> new UnaryCalls(calls)
                .call(
                        loop,
                        new UnaryCalls.Method("backend", "", PATH, timeout, mostBytes),
                        Unpooled.wrappedBuffer(new byte[] {10, 1, 'q'}),
                        new Noting()));
    }

    private String outcome() throws InterruptedException {
        return outcomes.poll(10, TimeUnit.SECONDS);
    }

    private long stat(String name) {
        return stats.byName().containsKey("cluster.backend." + name)
                ? stats.byName().get("cluster.backend." + name).value().getAsLong()
                : -1;
    }

    @Test
    void aRequestWithABodyIsAnswered() throws Exception {
        cluster("");
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.head(":status", "403", "content-type", "text/plain");
            seen.data("not ".getBytes(StandardCharsets.US_ASCII));
            seen.lastData("you".getBytes(StandardCharsets.US_ASCII));
        });
        ByteBuf body = Unpooled.copiedBuffer("who?", StandardCharsets.US_ASCII);
        call(SideRequest.of("backend", head("POST"), body, LONG, 7));
        assertThat(outcome()).isEqualTo("403 not you");
        BackendCall seen = backend.next();
        assertThat(seen.awaitEnd()).isEqualTo("who?".getBytes(StandardCharsets.US_ASCII));
        assertThat(seen.header(":authority")).isEqualTo("backend");
        assertThat(seen.header(":scheme")).isEqualTo("http");
        assertThat(seen.header("content-length")).isEqualTo("4");
        assertThat(stat("upstream_rq_total")).isEqualTo(1);
        assertThat(stat("upstream_rq_403")).isEqualTo(1);
        assertThat(stat("internal.upstream_rq_4xx")).isEqualTo(1);
        assertThat(stat("external.upstream_rq_4xx")).isEqualTo(-1);
        assertThat(stat("upstream_rq_active")).isZero();
        assertThat(body.refCnt()).isZero();
    }

    @Test
    void aRequestWithoutABodyEndsWithItsHead() throws Exception {
        cluster("");
        backend.on(PATH, seen -> seen.trailersOnly(":status", "204"));
        call(SideRequest.of("backend", head("GET"), Duration.ZERO, 0));
        assertThat(outcome()).isEqualTo("204 ");
        assertThat(backend.next().exchange().frames()).containsExactly("HEADERS+END");
    }

    @Test
    void aBackendOfHttp1IsAskedAsWell() throws Exception {
        try (Http1Backend old = new Http1Backend()) {
            cluster("protocol = http1", old.port());
            ByteBuf body = Unpooled.copiedBuffer("who?", StandardCharsets.US_ASCII);
            call(SideRequest.of("backend", head("POST"), body, LONG, 7));
            assertThat(outcome()).isEqualTo("200 ok");
            Http1Backend.Request seen = old.next();
            assertThat(seen.body()).isEqualTo("who?");
            assertThat(seen.field("host")).isEqualTo("backend");
        }
    }

    @Test
    void anAnswerAboveItsBoundIsGivenUp() throws Exception {
        cluster("");
        backend.on(PATH, seen -> {
            seen.head().data(new byte[5], new byte[3]);
            seen.awaitReset();
        });
        call(SideRequest.of("backend", head("GET"), LONG, 7));
        assertThat(outcome()).isEqualTo("TOO_LARGE answer is 8 bytes or more, limit is 7");
        assertThat(backend.next().awaitReset()).isEqualTo(Http2Peer.CANCEL);
        assertThat(stat("upstream_rq_200")).isEqualTo(1);
        assertThat(stat("upstream_rq_tx_reset")).isEqualTo(1);
    }

    @Test
    void aCallThatTakesTooLongIsGivenUp() throws Exception {
        cluster("");
        backend.on(PATH, BackendCall::awaitReset);
        call(SideRequest.of("backend", head("GET"), Duration.ofSeconds(2), 7));
        assertThat(outcome()).isEqualTo("TIMEOUT no answer within PT2S");
        assertThat(backend.next().awaitReset()).isEqualTo(Http2Peer.CANCEL);
        assertThat(stat("upstream_rq_timeout")).isEqualTo(1);
        assertThat(stat("upstream_rq_504")).isEqualTo(1);
        assertThat(stat("internal.upstream_rq_504")).isEqualTo(1);
    }

    @Test
    void aCallThatIsCancelledIsResetAndSaysNothing() throws Exception {
        cluster("");
        backend.on(PATH, seen -> {
            seen.head().data(new byte[3]);
            seen.awaitReset();
        });
        SideCall call = call(SideRequest.of("backend", head("GET"), LONG, 7));
        BackendCall seen = backend.next();
        loop.submit(call::cancel).awaitUninterruptibly();
        assertThat(seen.awaitReset()).isEqualTo(Http2Peer.CANCEL);
        loop.submit(call::cancel).awaitUninterruptibly();
        assertThat(outcomes).isEmpty();
        assertThat(stat("upstream_rq_active")).isZero();
    }

    @Test
    void aCallThatIsCancelledBeforeThereIsAConnectionIsNeverMade() throws Exception {
        cluster("");
        loop.submit(() -> calls.call(loop, SideRequest.of("backend", head("GET"), LONG, 7), new Noting())
                        .cancel())
                .awaitUninterruptibly();
        backend.on(PATH, seen -> seen.trailersOnly(":status", "204"));
        call(SideRequest.of("backend", head("GET"), LONG, 7));
        assertThat(outcome()).isEqualTo("204 ");
        backend.next();
        assertThat(backend.others()).isEmpty();
        assertThat(stat("upstream_rq_cancelled")).isEqualTo(1);
    }

    @Test
    void aResetIsAFailure() throws Exception {
        cluster("");
        backend.on(PATH, seen -> seen.reset(2));
        call(SideRequest.of("backend", head("GET"), LONG, 7));
        assertThat(outcome()).startsWith("RESET remote reset");
        assertThat(stat("upstream_rq_503")).isEqualTo(1);
        assertThat(stat("upstream_rq_rx_reset")).isEqualTo(1);
    }

    @Test
    void aBackendThatCannotBeReachedIsAFailure() throws Exception {
        int free;
        try (ScriptedBackend gone = new ScriptedBackend()) {
            free = gone.port();
        }
        cluster("", free);
        call(SideRequest.of("backend", head("GET"), LONG, 7));
        assertThat(outcome()).startsWith("RESET remote connection failure");
        assertThat(stat("upstream_cx_connect_fail")).isEqualTo(1);
    }

    @Test
    void aClusterWithoutEndpointsIsAFailure() throws Exception {
        // Before its first resolution.
        prepared("", backend.port()).commit(Duration.ofSeconds(5));
        call(SideRequest.of("backend", head("GET"), LONG, 7));
        assertThat(outcome()).isEqualTo("NO_HEALTHY_UPSTREAM no healthy upstream");
        assertThat(stat("upstream_cx_none_healthy")).isEqualTo(1);
        assertThat(stat("upstream_rq_503")).isEqualTo(1);
    }

    @Test
    void aCallThatIsDroppedIsAFailure() throws Exception {
        cluster("spread { dropped = 1 }");
        call(SideRequest.of("backend", head("GET"), LONG, 7));
        assertThat(outcome()).isEqualTo("OVERFLOW drop overload");
        assertThat(stat("upstream_rq_503")).isEqualTo(1);
    }

    @Test
    void anOpenCircuitBreakerIsAFailure() throws Exception {
        cluster("breakers { normal { requests = 0 } }");
        call(SideRequest.of("backend", head("GET"), LONG, 7));
        assertThat(outcome()).isEqualTo("OVERFLOW a circuit breaker is open");
        assertThat(stat("upstream_rq_active_overflow")).isEqualTo(1);
    }

    @Test
    void anUnknownClusterIsAFailure() throws Exception {
        cluster("");
        ByteBuf body = Unpooled.copiedBuffer("who?", StandardCharsets.US_ASCII);
        call(SideRequest.of("nobody", head("POST"), body, LONG, 7)).cancel();
        assertThat(outcome()).isEqualTo("UNKNOWN_CLUSTER no cluster nobody");
        assertThat(body.refCnt()).isZero();
    }

    @Test
    void aCallThatNoBackendLookedAtIsMadeOnceMore() throws Exception {
        cluster("");
        AtomicReference<Http2Peer> first = new AtomicReference<>();
        backend.on(PATH, seen -> {
            first.compareAndSet(null, seen.exchange().peer());
            if (seen.exchange().peer() == first.get()) {
                seen.goAway(0);
            } else {
                seen.awaitEnd();
                seen.trailersOnly(":status", "204");
            }
        });
        ByteBuf body = Unpooled.copiedBuffer("who?", StandardCharsets.US_ASCII);
        call(SideRequest.of("backend", head("POST"), body, LONG, 7));
        assertThat(outcome()).isEqualTo("204 ");
        backend.next();
        assertThat(backend.next().awaitEnd()).isEqualTo("who?".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void whatAnObserverThrowsIsItsOwn() throws Exception {
        cluster("");
        backend.on(PATH, seen -> seen.trailersOnly(":status", "204"));
        call(SideRequest.of("backend", head("GET"), LONG, 7), new SideObserver() {
            @Override
            public void answered(SideAnswer answer) {
                throw new IllegalStateException("a fault");
            }

            @Override
            public void failed(SideFailure failure, String reason) {
                outcomes.add("failed");
            }

            @Override
            public void broken(Throwable fault) {
                outcomes.add(fault.getMessage());
            }
        });
        assertThat(outcome()).isEqualTo("a fault");
        // The connection goes on.
        call(SideRequest.of("backend", head("GET"), LONG, 7));
        assertThat(outcome()).isEqualTo("204 ");
        assertThat(backend.connections()).hasSize(1);
    }

    // Unary gRPC.

    @Test
    void aUnaryCallGivesItsMessage() throws Exception {
        cluster("");
        byte[] answer = Frames.hex("00 00000003 0a0161");
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.head()
                    .data(Arrays.copyOf(answer, 4), Arrays.copyOfRange(answer, 4, 8))
                    .trailers("grpc-status", "0");
        });
        ask(LONG, 3);
        assertThat(outcome()).isEqualTo("message 0a0161");
        assertThat(HexFormat.of().formatHex(backend.next().awaitEnd())).isEqualTo("00000000030a0171");
    }

    @Test
    void anotherStatusIsAFailureWithItsMessage() throws Exception {
        cluster("");
        backend.on(PATH, seen -> seen.trailersOnly("grpc-status", "16", "grpc-message", "caf%C3%A9 100%"));
        ask(LONG, 3);
        assertThat(outcome()).isEqualTo("UNAUTHENTICATED caf\u00e9 100%");
    }

    @Test
    void aStatusThatNobodyKnowsIsUnknown() throws Exception {
        cluster("");
        backend.on(PATH, seen -> seen.trailersOnly("grpc-status", "99"));
        ask(LONG, 3);
        assertThat(outcome()).isEqualTo("UNKNOWN ");
    }

    @Test
    void anAnswerWithoutAStatusIsAFailure() throws Exception {
        cluster("");
        backend.on(PATH, seen -> seen.trailersOnly(":status", "503"));
        ask(LONG, 3);
        assertThat(outcome()).isEqualTo("UNAVAILABLE no grpc-status, HTTP status 503");
    }

    @Test
    void statusZeroWithoutAMessageIsAFailure() throws Exception {
        cluster("");
        backend.on(PATH, seen -> seen.trailersOnly("grpc-status", "0"));
        ask(LONG, 3);
        assertThat(outcome()).isEqualTo("INTERNAL status 0 without a message");
    }

    @Test
    void aMessageThatWasCompressedUnaskedIsAFailure() throws Exception {
        cluster("");
        backend.on(PATH, seen -> seen.head().data(Frames.frame(1, new byte[3])).trailers("grpc-status", "0"));
        ask(LONG, 3);
        assertThat(outcome()).isEqualTo("INTERNAL a message with flags 1, no encoding was offered");
    }

    @Test
    void twoMessagesAreAFailure() throws Exception {
        cluster("");
        backend.on(PATH, seen -> seen.head().data(Frames.F3, Frames.F3).trailers("grpc-status", "0"));
        ask(LONG, 100);
        assertThat(outcome()).isEqualTo("INTERNAL message is 3 bytes, 11 bytes came");
    }

    @Test
    void aMessageAboveItsBoundIsAFailure() throws Exception {
        cluster("");
        backend.on(PATH, seen -> {
            seen.head().data(Frames.F4);
            seen.awaitReset();
        });
        ask(LONG, 3);
        assertThat(outcome()).isEqualTo("RESOURCE_EXHAUSTED answer is 9 bytes or more, limit is 8");
    }

    @Test
    void aUnaryCallThatTakesTooLongHasTheStatusOfADeadline() throws Exception {
        cluster("");
        backend.on(PATH, BackendCall::awaitReset);
        ask(Duration.ofSeconds(2), 3);
        assertThat(outcome()).startsWith("DEADLINE_EXCEEDED ");
        assertThat(backend.next().header("grpc-timeout")).isEqualTo("2000m");
    }
}
