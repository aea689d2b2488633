package io.grpcweb.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.format.LineChunk;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LineQueueTest {
    private static final int CHUNK = LineStock.CHUNK_BYTES;

    private final AtomicInteger pressed = new AtomicInteger();
    private final LineStock stock = new LineStock(4L * CHUNK, pressed::incrementAndGet);
    private final LineQueue queue = new LineQueue(stock);

    private boolean offer(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.US_ASCII);
        return queue.offer(bytes, bytes.length);
    }

    /** What the queue hands over, one region a line with its count. */
    private String drained() {
        StringBuilder out = new StringBuilder();
        queue.drain((lines, count) -> out.append(count)
                .append(": ")
                .append(StandardCharsets.US_ASCII.decode(lines))
                .append('\n'));
        return out.toString();
    }

    @Test
    void linesComeOutTogetherWithTheirNumber() {
        offer("one,");
        offer("two");

        assertThat(drained()).isEqualTo("2: one,two\n");
        assertThat(drained()).isEmpty();
        offer("three");
        assertThat(drained()).isEqualTo("1: three\n");
    }

    @Test
    void aQueueWithoutLinesHasNoMemory() {
        assertThat(drained()).isEmpty();
        assertThat(stock.used()).isZero();
    }

    @Test
    void aLineThatDoesNotFitIsNotSplit() {
        String first = "a".repeat(CHUNK - 2);
        offer(first);
        offer("bcd");

        assertThat(drained()).isEqualTo("1: " + first + "\n1: bcd\n");
    }

    @Test
    void aLineLongerThanAChunkIsTakenWhole() {
        String line = "x".repeat(3 * CHUNK + 1);

        assertThat(offer(line)).isTrue();
        assertThat(offer("y")).isFalse();
        assertThat(drained()).isEqualTo("1: " + line + "\n");
        assertThat(offer("z")).isFalse();
    }

    @Test
    void aFullQueueRefusesAndTakesAgainWhatIsWritten() {
        String line = "x".repeat(CHUNK);
        for (int i = 0; i < 4; i++) {
            assertThat(offer(line)).isTrue();
        }

        assertThat(offer("y")).isFalse();
        assertThat(queue.waiting()).isEqualTo(4L * CHUNK);
        drained();
        assertThat(offer("y")).isTrue();
        assertThat(drained()).isEqualTo("1: y\n");
        assertThat(queue.waiting()).isZero();
    }

    @Test
    void theWriterIsToldWhenHalfOfTheMemoryIsInUse() {
        String line = "x".repeat(CHUNK);
        offer(line);
        offer(line);
        assertThat(pressed).hasValue(0);
        offer(line);
        assertThat(pressed).hasValue(1);
    }

    @Test
    void memoryThatIsWrittenOutIsUsedAgainByOtherThreads() {
        offer("x".repeat(CHUNK));
        offer("x".repeat(CHUNK));
        drained();
        queue.close();
        assertThat(stock.used()).isZero();

        LineChunk first = stock.take(1);
        LineChunk second = stock.take(1);
        stock.release(first);

        assertThat(stock.take(1)).isSameAs(first).isNotSameAs(second);
        assertThat(first.append(new byte[] {'a', 'b'}, 2)).isTrue();
        assertThat(first.take()).isOne();
        assertThat(StandardCharsets.US_ASCII.decode(first.region()).toString()).isEqualTo("ab");
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
        AtomicInteger refused = new AtomicInteger();
        LineQueue[] made = new LineQueue[1];
        Thread producer = new Thread(() -> {
            for (int i = 0; i < total; i++) {
                byte[] line = (i + ";").getBytes(StandardCharsets.US_ASCII);
                while (!made[0].offer(line, line.length)) {
                    refused.incrementAndGet();
                    Thread.onSpinWait();
                }
            }
        });
        made[0] = new LineQueue(stock);
        producer.start();

        Check check = new Check();
        while (check.lines < total) {
            made[0].drain(check);
        }
        producer.join();

        assertThat(check.next).isEqualTo(total);
        assertThat(made[0].waiting()).isZero();
    }

    /** Reads numbers that count up, each closed by a semicolon. */
    private static final class Check implements LineQueue.Output {
        private int next;
        private int lines;

        @Override
        public void write(ByteBuffer region, int count) {
            int before = next;
            int number = 0;
            while (region.hasRemaining()) {
                byte octet = region.get();
                if (octet == ';') {
                    assertThat(number).isEqualTo(next);
                    next++;
                    number = 0;
                } else {
                    number = number * 10 + octet - '0';
                }
            }
            assertThat(number).as("what follows the last line").isZero();
            assertThat(count).isEqualTo(next - before);
            lines += count;
        }
    }
}
