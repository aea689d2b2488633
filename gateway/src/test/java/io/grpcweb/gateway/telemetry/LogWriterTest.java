package io.grpcweb.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.stats.FileStats;
import io.grpcweb.gateway.stats.Stats;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogWriterTest {
    private final FileStats stats = new Stats().files();
    private final LongAdder dropped = new LongAdder();

    @TempDir
    private Path folder;

    private static byte[] line(String text) {
        return (text + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private LogWriter to(LogWriter.Destination destination) throws IOException {
        return new LogWriter("log", destination, stats, dropped);
    }

    @Test
    void linesAreWrittenInOrderAndAllOfThemBeforeTheEnd() throws IOException {
        Path file = folder.resolve("log");
        StringBuilder expected = new StringBuilder();
        try (LogWriter writer = to(LogWriter.Destination.file(file.toString()))) {
            for (int i = 0; i < 5000; i++) {
                writer.offer(line("line " + i));
                expected.append("line ").append(i).append('\n');
            }
        }

        assertThat(file).hasContent(expected.toString());
        assertThat(dropped.sum()).isZero();
        assertThat(stats.writeTotalBuffered.value()).isZero();
    }

    @Test
    void aFileThatWasMovedAwayIsOpenedAnew() throws IOException {
        Path file = folder.resolve("log");
        Path moved = folder.resolve("log.1");
        try (LogWriter writer = to(LogWriter.Destination.file(file.toString()))) {
            writer.offer(line("old"));
            Awaitility.await().untilAsserted(() -> assertThat(file).hasContent("old"));
            Files.move(file, moved);
            writer.reopen();
            Awaitility.await().until(() -> Files.exists(file));
            writer.offer(line("new"));
            Awaitility.await().untilAsserted(() -> assertThat(file).hasContent("new"));
        }

        assertThat(moved).hasContent("old");
    }

    @Test
    void aHangingDiskCostsLinesButNoTime() throws IOException {
        CountDownLatch released = new CountDownLatch(1);
        LogWriter writer = to(() -> new OutputStream() {
            @Override
            public void write(int octet) {
                try {
                    released.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        });
        byte[] line = line("x".repeat(100));
        for (int i = 0; i < 100_000; i++) {
            writer.offer(line);
        }

        assertThat(dropped.sum()).isGreaterThan(80_000);
        released.countDown();
        writer.close();
    }

    @Test
    void aFullDiskIsCountedAndTheLogGoesOnWhenThereIsRoom() throws IOException {
        AtomicBoolean full = new AtomicBoolean(true);
        Queue<String> written = new ConcurrentLinkedQueue<>();
        try (LogWriter writer = to(() -> new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (full.get()) {
                    throw new IOException("No space left on device");
                }
                written.add(new String(bytes, offset, length, StandardCharsets.UTF_8));
            }
        })) {
            writer.offer(line("lost"));
            Awaitility.await()
                    .untilAsserted(() -> assertThat(stats.writeFailed.sum()).isEqualTo(1));
            full.set(false);
            writer.offer(line("kept"));
            Awaitility.await()
                    .untilAsserted(() -> assertThat(String.join("", written)).isEqualTo("\nkept\n"));
        }

        assertThat(dropped.sum()).isEqualTo(1);
    }
}
