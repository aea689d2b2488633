package io.grpcweb.gateway.testing;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;
import org.slf4j.LoggerFactory;

/**
 * Keeps what the gateway and the libraries log, since tests provoke most of it on purpose, and prints the last lines where a
 * test fails. Several tests run at once, so some of these lines may be those of others.
 */
public final class QuietLog implements BeforeAllCallback, TestWatcher {
    private static final ExtensionContext.Namespace PLACE = ExtensionContext.Namespace.create(QuietLog.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        kept(context).install();
    }

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        System.err.println("What was logged until " + context.getDisplayName() + " failed:");
        kept(context).print();
    }

    private static Kept kept(ExtensionContext context) {
        return context.getRoot().getStore(PLACE).computeIfAbsent(Kept.class, key -> new Kept(), Kept.class);
    }

    /** The last lines. */
    private static final class Kept extends AppenderBase<ILoggingEvent> {
        private static final int LINES = 200;

        private final Deque<String> lines = new ArrayDeque<>();

        Kept() {
            setName("kept");
            start();
            LogManager.getLogManager().reset();
            java.util.logging.Logger.getLogger("").addHandler(new Others());
        }

        /** Takes the place of whatever wrote the log; a test of the command line may have put that back. */
        synchronized void install() {
            Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
            root.detachAppender("log");
            if (root.getAppender(getName()) == null) {
                start();
                root.addAppender(this);
            }
        }

        @Override
        protected void append(ILoggingEvent event) {
            String trace = event.getThrowableProxy() == null
                    ? ""
                    : System.lineSeparator() + ThrowableProxyUtil.asString(event.getThrowableProxy());
            keep(event.getLevel() + " [" + event.getLoggerName() + "] " + event.getFormattedMessage() + trace);
        }

        private void keep(String line) {
            synchronized (lines) {
                lines.add(line);
                if (lines.size() > LINES) {
                    lines.remove();
                }
            }
        }

        void print() {
            synchronized (lines) {
                lines.forEach(System.err::println);
                lines.clear();
            }
        }

        /** For libraries that log with the JDK. */
        private final class Others extends Handler {
            private final SimpleFormatter format = new SimpleFormatter();

            @Override
            public void publish(LogRecord event) {
                keep(format.format(event).strip());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        }
    }
}
