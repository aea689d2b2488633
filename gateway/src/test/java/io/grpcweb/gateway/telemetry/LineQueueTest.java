package io.grpcweb.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.format.LineChunk;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LineQueueTest {
    private static final int CHUNK = LineStock.CHUNK_BYTES;

    /** A line that fills a chunk. */
    private static final String FULL = "x".repeat(CHUNK - LineChunk.HEADER_BYTES);

    private final AtomicInteger pressed = new AtomicInteger();
    private final LineStock stock = new LineStock(4L * CHUNK, pressed::incrementAndGet);
    private final LineQueue queue = new LineQueue(stock);
    private long time = 100;

    private boolean offer(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.US_ASCII);
        return queue.offer(bytes, bytes.length, time++);
    }

    /** What the queue hands over, each line closed by a bar. */
    private String drained() {
        StringBuilder out = new StringBuilder();
        while (queue.hasLine()) {
            out.append(StandardCharsets.US_ASCII.decode(queue.line())).append('|');
            queue.remove();
        }
        return out.toString();
    }

    @Test
    void linesComeOutOneByOneWithTheirTime() {
        offer("one");
        offer("");
        offer("two");

        assertThat(queue.hasLine()).isTrue();
        assertThat(queue.nanoTime()).isEqualTo(100);
        assertThat(queue.line().remaining()).isEqualTo(3);
        queue.remove();
        assertThat(queue.hasLine()).isTrue();
        assertThat(queue.nanoTime()).isEqualTo(101);
        assertThat(drained()).isEqualTo("|two|");
        assertThat(drained()).isEmpty();
        offer("three");
        assertThat(drained()).isEqualTo("three|");
    }

    @Test
    void aQueueWithoutLinesHasNoMemory() {
        assertThat(drained()).isEmpty();
        assertThat(stock.used()).isZero();
    }

    @Test
    void aLineThatDoesNotFitIsNotSplit() {
        String first = "a".repeat(CHUNK - 2 * LineChunk.HEADER_BYTES - 2);
        offer(first);
        offer("bcd");

        assertThat(stock.used()).isEqualTo(2L * CHUNK);
        assertThat(drained()).isEqualTo(first + "|bcd|");
        assertThat(stock.used()).isEqualTo(CHUNK);
    }

    @Test
    void aLineLongerThanAChunkIsTakenWhole() {
        String line = "x".repeat(3 * CHUNK + 1);

        assertThat(offer(line)).isTrue();
        assertThat(offer("y")).isFalse();
        assertThat(drained()).isEqualTo(line + "|");
        assertThat(offer("z")).isFalse();
    }

    @Test
    void aFullQueueRefusesAndTakesAgainWhatIsWritten() {
        for (int i = 0; i < 4; i++) {
            assertThat(offer(FULL)).isTrue();
        }

        assertThat(offer("y")).isFalse();
        assertThat(queue.waiting()).isEqualTo(4L * FULL.length());
        drained();
        assertThat(offer("y")).isTrue();
        assertThat(drained()).isEqualTo("y|");
        assertThat(queue.waiting()).isZero();
    }

    @Test
    void theWriterIsToldWhenHalfOfTheMemoryIsInUse() {
        offer(FULL);
        offer(FULL);
        assertThat(pressed).hasValue(0);
        offer(FULL);
        assertThat(pressed).hasValue(1);
    }

    @Test
    void memoryThatIsWrittenOutIsUsedAgainByOtherThreads() {
        offer(FULL);
        offer(FULL);
        drained();
        queue.close();
        assertThat(stock.used()).isZero();

        LineChunk first = stock.take(1);
        LineChunk second = stock.take(1);
        stock.release(first);

        assertThat(stock.take(1)).isSameAs(first).isNotSameAs(second);
        assertThat(first.append(new byte[] {'a', 'b', 'c'}, 2, 7)).isTrue();
        assertThat(first.nanoTime()).isEqualTo(7);
        assertThat(StandardCharsets.US_ASCII.decode(first.line()).toString()).isEqualTo("ab");
        assertThat(first.remove()).isEqualTo(2);
        assertThat(first.hasLine()).isFalse();
    }

    @Test
    void aQueueIsAbandonedWhenItsThreadHasEnded() throws InterruptedException {
        LineQueue[] made = new LineQueue[1];
        Thread thread = new Thread(() -> made[0] = new LineQueue(stock));
        thread.start();
        thread.join();

        assertThat(made[0].isAbandoned()).isTrue();
        assertThat(queue.isAbandoned()).isFalse();
    }

    @Test
    void whatOneThreadPutsInAnotherTakesOutInOrder() throws InterruptedException {
        int total = 300_000;
        LineQueue[] made = new LineQueue[1];
        Thread producer = new Thread(() -> {
            for (int number = 0; number < total; number++) {
                byte[] line = Integer.toString(number).getBytes(StandardCharsets.US_ASCII);
                while (!made[0].offer(line, line.length, number)) {
                    Thread.onSpinWait();
                }
            }
        });
        made[0] = new LineQueue(stock);
        producer.start();

        for (int i = 0; i < total; ) {
            if (made[0].hasLine()) {
                assertThat(made[0].nanoTime()).isEqualTo(i);
                assertThat(StandardCharsets.US_ASCII.decode(made[0].line()).toString())
                        .isEqualTo(Integer.toString(i++));
                made[0].remove();
            }
        }
        producer.join();

        assertThat(made[0].hasLine()).isFalse();
        assertThat(made[0].waiting()).isZero();
    }
}
