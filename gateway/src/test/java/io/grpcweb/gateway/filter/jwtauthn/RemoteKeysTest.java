package io.grpcweb.gateway.filter.jwtauthn;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.http.SideAnswer;
import io.grpcweb.gateway.http.SideCall;
import io.grpcweb.gateway.http.SideCalls;
import io.grpcweb.gateway.http.SideFailure;
import io.grpcweb.gateway.http.SideObserver;
import io.grpcweb.gateway.http.SideRequest;
import io.grpcweb.gateway.stats.Stat;
import io.grpcweb.gateway.testing.Tokens;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultEventLoop;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RemoteKeysTest {
    private static final String KEYS = new Tokens().keys("RS256");
    private static final EventExecutor LOOP = ImmediateEventExecutor.INSTANCE;

    private final List<SideObserver> asked = new ArrayList<>();
    private final List<SideRequest> requests = new ArrayList<>();
    private final List<KeySet> told = new ArrayList<>();
    private final JwtAuthnStats stats = JwtAuthnStats.of("edge", "");
    private long now = 1_000;

    private final RemoteKeys keys = new RemoteKeys(
            new Jwks.Remote(
                    "https://keys.example:8443/a/b?c=d",
                    "keys",
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(100),
                    Duration.ofSeconds(50),
                    false,
                    false,
                    Duration.ofSeconds(1),
                    0,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(10)),
            new Calls(),
            stats,
            () -> now);

    /** Keeps the calls, which the test answers. */
    private final class Calls implements SideCalls {
        @Override
        public SideCall call(EventExecutor loop, SideRequest request, SideObserver observer) {
            requests.add(request);
            asked.add(observer);
            return () -> {};
        }
    }

    private void answer(int status, String body) {
        asked.remove(0)
                .answered(new SideAnswer(
                        new DefaultHttp2Headers(false).status(Integer.toString(status)),
                        Unpooled.copiedBuffer(body, StandardCharsets.UTF_8),
                        null));
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private void fetch() {
        keys.await(LOOP, told::add);
        answer(200, KEYS);
        told.clear();
    }

    private long count(String name) {
        List<Long> found = new ArrayList<>();
        stats.forEach((Stat stat) -> {
            if (stat.name().endsWith("." + name)) {
                found.add(stat.value().getAsLong());
            }
        });
        return found.get(0);
    }

    @Test
    void theFirstCallThatNeedsThemFetches() {
        assertThat(keys.now(LOOP)).isNull();
        keys.await(LOOP, told::add);

        SideRequest request = requests.get(0);
        assertThat(request.cluster()).isEqualTo("keys");
        assertThat(request.timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(request.head().method()).hasToString("GET");
        assertThat(request.head().path()).hasToString("/a/b?c=d");
        assertThat(request.head().authority()).hasToString("keys.example:8443");
        assertThat(told).isEmpty();
        answer(200, KEYS);
        assertThat(told).hasSize(1);
        assertThat(keys.now(LOOP)).isSameAs(told.get(0)).isNotNull();
        assertThat(count("jwks_fetch_success")).isEqualTo(1);
    }

    @Test
    void anotherEventLoopWaitsForTheSameFetch() throws Exception {
        EventExecutor other = new DefaultEventLoop();
        List<KeySet> toldThere = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        try {
            keys.await(LOOP, told::add);
            Runnable forget =
                    other.submit(() -> keys.await(other, toldThere::add)).get();
            other.submit(() -> keys.await(other, found -> {
                        toldThere.add(found);
                        threads.add(Thread.currentThread());
                    }))
                    .get();
            assertThat(asked).hasSize(1);

            other.submit(forget).get();
            answer(200, KEYS);
            other.submit(() -> {}).get();

            assertThat(told).hasSize(1);
            assertThat(toldThere).isEqualTo(told);
            assertThat(threads).hasSize(1).doesNotContain(Thread.currentThread());
            // It has ended: the next one that needs keys asks for itself.
            other.submit(() -> keys.await(other, toldThere::add)).get();
            assertThat(asked).hasSize(1);
        } finally {
            other.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    @Test
    void whoComesThirdWaitsForTheSecondFetch() {
        keys.await(LOOP, told::add);
        keys.await(LOOP, told::add);
        Runnable forget = keys.await(LOOP, told::add);
        keys.await(LOOP, told::add);
        assertThat(asked).hasSize(2);

        forget.run();
        answer(200, KEYS);
        assertThat(told).hasSize(1);
        answer(200, KEYS);
        assertThat(told).hasSize(3).doesNotContainNull();
    }

    @Test
    void aFailureIsToldAndNotKept() {
        keys.await(LOOP, told::add);
        answer(503, "");
        keys.await(LOOP, told::add);
        answer(200, "<html>");
        keys.await(LOOP, told::add);
        asked.remove(0).failed(SideFailure.TIMEOUT, "no answer");
        assertThat(told).containsExactly(null, null, null);
        assertThat(count("jwks_fetch_failed")).isEqualTo(3);

        keys.await(LOOP, told::add);
        answer(200, KEYS);
        assertThat(told.get(3)).isNotNull();
    }

    @Test
    void theyAreFetchedAheadOfTheirEndBesideTheCallsThatUseThem() {
        fetch();
        pass(Duration.ofSeconds(89));
        assertThat(keys.now(LOOP)).isNotNull();
        assertThat(asked).isEmpty();
        pass(Duration.ofSeconds(2));
        KeySet old = keys.now(LOOP);
        assertThat(keys.now(LOOP)).isSameAs(old).isNotNull();
        assertThat(asked).hasSize(1);
        answer(200, KEYS);
        assertThat(keys.now(LOOP)).isNotSameAs(old).isNotNull();
        pass(Duration.ofSeconds(89));
        assertThat(keys.now(LOOP)).isNotNull();
        assertThat(asked).isEmpty();
    }

    @Test
    void behindTheirEndCallsWaitForNewOnesAndOldOnesServeWhileTheServerFails() {
        fetch();
        pass(Duration.ofSeconds(101));
        assertThat(keys.now(LOOP)).isNull();
        keys.await(LOOP, told::add);
        answer(503, "");
        assertThat(told).hasSize(1).doesNotContainNull();
        // The server is left alone for a second.
        assertThat(keys.now(LOOP)).isSameAs(told.get(0));
        pass(Duration.ofSeconds(1));
        assertThat(keys.now(LOOP)).isNull();

        pass(Duration.ofSeconds(49));
        keys.await(LOOP, told::add);
        answer(503, "");
        assertThat(told).hasSize(2);
        assertThat(told.get(1)).isNull();
        assertThat(keys.now(LOOP)).isNull();
    }

    @Test
    void aFailureIsTriedAgainAsOftenAsTheConfigurationSays() throws Exception {
        DefaultEventLoop loop = new DefaultEventLoop();
        try {
            Jwks.Remote once = keys.config();
            KeyFetch fetch = new KeyFetch(
                    new Jwks.Remote(
                            once.uri(),
                            once.cluster(),
                            once.timeout(),
                            once.cacheDuration(),
                            once.outlive(),
                            false,
                            false,
                            once.retryPause(),
                            2,
                            Duration.ofNanos(1),
                            Duration.ofNanos(1)),
                    (on, request, observer) -> {
                        requests.add(request);
                        observer.failed(SideFailure.RESET, "gone");
                        return () -> {};
                    },
                    loop);
            loop.submit(() -> fetch.start(fetched -> {
                        told.add(fetched);
                        return fetched;
                    }))
                    .get();
            while (loop.submit(told::isEmpty).get()) {
                Thread.onSpinWait();
            }
            assertThat(loop.submit(requests::size).get()).isEqualTo(3);
        } finally {
            loop.shutdownGracefully();
        }
    }
}
