package io.grpcweb.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineMergeTest {
    private final LineStock stock = new LineStock(16L << 20, () -> {});
    private final List<String> written = new ArrayList<>();
    private final LineMerge merge =
            new LineMerge((lines, count) -> written.add(count + ": " + StandardCharsets.US_ASCII.decode(lines)));

    private LineQueue queue() {
        LineQueue queue = new LineQueue(stock);
        merge.add(queue);
        return queue;
    }

    private static void offer(LineQueue queue, long time, String line) {
        byte[] bytes = line.getBytes(StandardCharsets.US_ASCII);
        assertThat(queue.offer(bytes, bytes.length, time)).isTrue();
    }

    @Test
    void linesOfSeveralQueuesComeOutInTheOrderInWhichTheyWerePutIn() {
        LineQueue one = queue();
        LineQueue two = queue();
        // The clock may pass the largest number.
        long last = Long.MAX_VALUE;
        offer(two, last - 2, "a,");
        offer(one, last - 1, "b,");
        offer(two, last, "c,");
        offer(two, last + 1, "d,");
        offer(one, last + 2, "e,");
        offer(one, last + 5, "g");
        offer(two, last + 4, "f,");

        assertThat(merge.waiting()).isEqualTo(13);
        assertThat(merge.drain(last + 3)).isTrue();
        assertThat(written).containsExactly("5: a,b,c,d,e,");
        assertThat(merge.waiting()).isEqualTo(3);
        assertThat(merge.drain(last + 3)).isFalse();
        assertThat(merge.drain(last + 5)).isTrue();
        assertThat(written).containsExactly("5: a,b,c,d,e,", "2: f,g");
        assertThat(merge.waiting()).isZero();
    }

    @Test
    void whatFillsTheBufferIsWrittenAndALineThatIsLongerGoesOutAlone() {
        LineQueue queue = queue();
        String half = "h".repeat(40_000);
        String longer = "l".repeat(70_000);
        offer(queue, 1, half);
        offer(queue, 1, half);
        offer(queue, 1, longer);
        offer(queue, 1, "end");

        assertThat(merge.drain(1)).isTrue();
        assertThat(written).containsExactly("1: " + half, "1: " + half, "1: " + longer, "1: end");
    }

    @Test
    void theQueueOfAThreadThatHasEndedGivesItsMemoryBackOnceItsLinesAreWritten() throws InterruptedException {
        Thread thread = new Thread(() -> offer(queue(), 1, "last"));
        thread.start();
        thread.join();
        assertThat(stock.used()).isPositive();

        merge.drain(1);
        assertThat(written).containsExactly("1: last");
        assertThat(stock.used()).isZero();
    }
}
