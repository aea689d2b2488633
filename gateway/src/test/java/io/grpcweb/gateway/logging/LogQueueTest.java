package io.grpcweb.gateway.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The own log in front of somebody who does not read it. */
class LogQueueTest {
    private final LoggerContext context = new LoggerContext();
    private final Logger logger = context.getLogger("io.grpcweb.gateway.Test");
    private final Pipe pipe = new Pipe();
    private final LogQueue queue = queue();

    /** Takes nothing until it is opened. */
    private static final class Pipe extends OutputStream {
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private final CountDownLatch open = new CountDownLatch(1);
        private volatile boolean full;

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            try {
                open.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            if (full) {
                throw new IOException("no space left on device");
            }
            synchronized (taken) {
                taken.write(bytes, from, length);
            }
        }

        String text() {
            synchronized (taken) {
                return taken.toString(StandardCharsets.UTF_8);
            }
        }
    }

    private LogQueue queue() {
        LogLayout layout = new LogLayout("%v", false);
        layout.setContext(context);
        layout.start();
        LogQueue made = new LogQueue(layout, () -> pipe);
        made.setContext(context);
        made.start();
        return made;
    }

    private void say(String text) {
        queue.doAppend(new LoggingEvent("test", logger, Level.INFO, text, null, null));
    }

    @Test
    @Timeout(30)
    void nobodyWaitsForAReaderAndWhatWasLostIsSaidWhenItGoesOn() {
        queue.standApart();
        String filler = "x".repeat(10_000);
        for (int i = 0; i < 1000; i++) {
            say(i + " " + filler);
        }

        long dropped = queue.dropped();
        assertThat(dropped).isBetween(800L, 999L);

        pipe.open.countDown();
        queue.flush(TimeUnit.SECONDS.toMillis(20));
        String[] lines = pipe.text().split("\n");
        assertThat(lines).hasSize((int) (1000 - dropped) + 1);
        assertThat(Arrays.stream(lines)
                        .limit(lines.length - 1)
                        .map(line -> Integer.valueOf(line.substring(0, line.indexOf(' ')))))
                .isSorted();
        assertThat(lines[lines.length - 1]).startsWith(dropped + " lines of this log were dropped");

        say("again");
        queue.flush(TimeUnit.SECONDS.toMillis(20));
        assertThat(pipe.text()).endsWith("\nagain\n");
    }

    @Test
    @Timeout(30)
    void theEndDoesNotWaitForEver() {
        queue.standApart();
        say("never read");

        queue.flush(50);

        assertThat(pipe.text()).isEmpty();
    }

    @Test
    void beforeTrafficIsServedEachLineIsThereWhenTheThreadGoesOn() {
        pipe.open.countDown();

        say("one");
        say("two");

        assertThat(pipe.text()).isEqualTo("one\ntwo\n");
    }

    @Test
    @Timeout(30)
    void linesThatADiskDidNotTakeAreCounted() {
        pipe.full = true;
        pipe.open.countDown();
        queue.standApart();
        say("lost");
        Awaitility.await().until(() -> queue.dropped() == 1);

        pipe.full = false;
        say("back");
        queue.flush(TimeUnit.SECONDS.toMillis(20));

        assertThat(pipe.text()).startsWith("back\n1 lines of this log were dropped");
    }
}
