package io.grpcweb.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.stats.FileStats;
import io.grpcweb.gateway.stats.Stats;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

    private static void offer(LogWriter writer, String text) {
        byte[] line = (text + "\n").getBytes(StandardCharsets.UTF_8);
        writer.offer(line, line.length);
    }

    private LogWriter to(LogWriter.Destination destination) throws IOException {
        return new LogWriter("log", destination, stats, dropped);
    }

    @Test
    void linesAreWrittenInOrderAndAllOfThemBeforeTheEnd() throws IOException {
        Path file = folder.resolve("log");
        StringBuilder expected = new StringBuilder();
        LogWriter writer = to(LogWriter.Destination.file(file.toString()));
        for (int i = 0; i < 20_000; i++) {
            offer(writer, "line " + i);
            expected.append("line ").append(i).append('\n');
        }
        writer.close();

        assertThat(file).hasContent(expected.toString());
        assertThat(dropped.sum()).isZero();
        assertThat(stats.writeBuffered.sum()).isEqualTo(20_000);
        assertThat(writer.waiting()).isZero();
    }

    @Test
    void linesOfManyThreadsDoNotMix() throws Exception {
        Path file = folder.resolve("log");
        List<Thread> threads = new ArrayList<>();
        try (LogWriter writer = to(LogWriter.Destination.file(file.toString()))) {
            for (int t = 0; t < 4; t++) {
                String name = "thread " + t + " " + "x".repeat(50 * t) + " ";
                Thread thread = new Thread(() -> {
                    for (int i = 0; i < 5000; i++) {
                        offer(writer, name + i);
                    }
                });
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }

        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(20_000);
        for (int t = 0; t < 4; t++) {
            String name = "thread " + t + " ";
            List<String> own =
                    lines.stream().filter(line -> line.startsWith(name)).toList();
            assertThat(own).hasSize(5000);
            for (int i = 0; i < 5000; i++) {
                assertThat(own.get(i)).isEqualTo(name + "x".repeat(50 * t) + " " + i);
            }
        }
    }

    @Test
    void aFileThatWasMovedAwayIsOpenedAnew() throws IOException {
        Path file = folder.resolve("log");
        Path moved = folder.resolve("log.1");
        try (LogWriter writer = to(LogWriter.Destination.file(file.toString()))) {
            offer(writer, "old");
            Awaitility.await().untilAsserted(() -> assertThat(file).hasContent("old"));
            Files.move(file, moved);
            writer.reopen();
            Awaitility.await().until(() -> Files.exists(file));
            offer(writer, "new");
            Awaitility.await().untilAsserted(() -> assertThat(file).hasContent("new"));
        }

        assertThat(moved).hasContent("old");
    }

    @Test
    void aHangingDiskCostsLinesButNoTime() throws IOException {
        CountDownLatch released = new CountDownLatch(1);
        ScriptedDisk disk = new ScriptedDisk() {
            @Override
            public int write(ByteBuffer bytes) throws IOException {
                try {
                    released.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return super.write(bytes);
            }
        };
        LogWriter writer = to(() -> disk);
        String line = "x".repeat(99);
        for (int i = 0; i < 400_000; i++) {
            offer(writer, line);
        }

        // There is memory for 16 MiB, and each line takes 12 bytes beside its own; what is being written has left that
        // memory.
        assertThat(dropped.sum()).isBetween(245_000L, 251_000L);
        Awaitility.await().until(() -> writer.waiting() == 100 * (400_000 - dropped.sum()));
        released.countDown();
        writer.close();
        assertThat(disk.text()).hasSize((int) (100 * (400_000 - dropped.sum())));
    }

    @Test
    void aFullDiskIsCountedAndTheLogGoesOnWhenThereIsRoom() throws IOException {
        AtomicBoolean full = new AtomicBoolean(true);
        ScriptedDisk disk = new ScriptedDisk() {
            @Override
            public int write(ByteBuffer bytes) throws IOException {
                if (full.get()) {
                    throw new IOException("No space left on device");
                }
                return super.write(bytes);
            }
        };
        try (LogWriter writer = to(() -> disk)) {
            offer(writer, "lost");
            Awaitility.await()
                    .untilAsserted(() -> assertThat(stats.writeFailed.sum()).isEqualTo(1));
            full.set(false);
            offer(writer, "kept");
            Awaitility.await().untilAsserted(() -> assertThat(disk.text()).isEqualTo("\nkept\n"));
        }

        assertThat(dropped.sum()).isEqualTo(1);
    }

    @Test
    void aLineThatADiskTookHalfOfIsFollowedByALineBreak() throws IOException {
        ScriptedDisk disk = new ScriptedDisk() {
            private int left = 3;

            @Override
            public int write(ByteBuffer bytes) throws IOException {
                if (left == 0) {
                    left = -1;
                    throw new IOException("No space left on device");
                }
                if (left < 0) {
                    return super.write(bytes);
                }
                int written = super.write(bytes.slice(bytes.position(), left));
                bytes.position(bytes.position() + written);
                left -= written;
                return written;
            }
        };
        try (LogWriter writer = to(() -> disk)) {
            offer(writer, "lost");
            Awaitility.await()
                    .untilAsserted(() -> assertThat(stats.writeFailed.sum()).isEqualTo(1));
            offer(writer, "kept");
        }

        assertThat(disk.text()).isEqualTo("los\nkept\n");
        assertThat(dropped.sum()).isEqualTo(1);
    }

    @Test
    void aDestinationThatTakesNothingCostsTheLine() throws IOException {
        ScriptedDisk disk = new ScriptedDisk() {
            @Override
            public int write(ByteBuffer bytes) {
                return 0;
            }
        };
        try (LogWriter writer = to(() -> disk)) {
            offer(writer, "lost");
        }

        assertThat(dropped.sum()).isEqualTo(1);
    }

    @Test
    void theMemoryOfThreadsThatHaveEndedIsUsedByOthers() throws Exception {
        int threads = (16 << 20) / LineStock.CHUNK_BYTES;
        CountDownLatch written = new CountDownLatch(threads);
        CountDownLatch end = new CountDownLatch(1);
        List<Thread> all = new ArrayList<>();
        try (LogWriter writer = to(ScriptedDisk::new)) {
            for (int i = 0; i < threads; i++) {
                Thread thread = new Thread(() -> {
                    offer(writer, "line");
                    written.countDown();
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
                thread.start();
                all.add(thread);
            }
            written.await();
            offer(writer, "one too many");
            assertThat(dropped.sum()).isEqualTo(1);

            end.countDown();
            for (Thread thread : all) {
                thread.join();
            }

            Awaitility.await().until(() -> {
                long before = dropped.sum();
                offer(writer, "line");
                return dropped.sum() == before;
            });
        }
    }

    /** Keeps what is written to it. */
    private static class ScriptedDisk implements WritableByteChannel {
        private final Queue<String> written = new ConcurrentLinkedQueue<>();

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            int length = bytes.remaining();
            written.add(StandardCharsets.UTF_8.decode(bytes).toString());
            return length;
        }

        String text() {
            return String.join("", written);
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
