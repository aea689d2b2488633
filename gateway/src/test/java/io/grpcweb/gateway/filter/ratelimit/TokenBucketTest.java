package io.grpcweb.gateway.filter.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);

    private TokenBucket bucket(int max, int fill) {
        return new TokenBucket(new LocalRateLimit.Bucket(max, fill, Duration.ofSeconds(1)), now::get);
    }

    private void pass(long millis) {
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Test
    void aNewBucketIsFull() {
        TokenBucket bucket = bucket(3, 1);
        assertThat(bucket.take()).isTrue();
        assertThat(bucket.take()).isTrue();
        assertThat(bucket.take()).isTrue();
        assertThat(bucket.take()).isFalse();
    }

    @Test
    void tokensComeBackAtASteadyRate() {
        TokenBucket bucket = bucket(1, 4);
        assertThat(bucket.take()).isTrue();
        pass(249);
        assertThat(bucket.take()).isFalse();
        pass(1);
        assertThat(bucket.take()).isTrue();
        assertThat(bucket.take()).isFalse();
    }

    @Test
    void noMoreThanAllTokensCanBeSaved() {
        TokenBucket bucket = bucket(2, 2);
        pass(3_600_000);
        assertThat(bucket.take()).isTrue();
        assertThat(bucket.take()).isTrue();
        assertThat(bucket.take()).isFalse();
    }
}
