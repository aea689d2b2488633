package io.grpcweb.gateway.testing;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails the test class after which Netty reports a buffer that nobody released. The report comes when the buffer is
 * collected and another one is taken, so a class may be blamed for the one before it.
 */
public final class LeakCheck implements BeforeAllCallback, AfterAllCallback {
    private static final ExtensionContext.Namespace PLACE = ExtensionContext.Namespace.create(LeakCheck.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        leaks(context);
    }

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        Leaks leaks = leaks(context);
        leaks.look();
        if (!leaks.found.isEmpty()) {
            AssertionError failure = new AssertionError(leaks.found.size() + " buffers leaked, " + leaks.found.poll());
            leaks.found.clear();
            throw failure;
        }
    }

    private static Leaks leaks(ExtensionContext context) {
        return context.getRoot().getStore(PLACE).computeIfAbsent(Leaks.class, key -> new Leaks(), Leaks.class);
    }

    private static final class Leaks implements ResourceLeakDetector.LeakListener {
        private final Queue<String> found = new ConcurrentLinkedQueue<>();

        Leaks() {
            ByteBufUtil.setLeakListener(this);
        }

        @Override
        public void onLeak(String resourceType, String records) {
            found.add(resourceType + " " + records);
        }

        /** Lets the collector find what is lost, and the detector hear of it. */
        void look() throws InterruptedException {
            for (int i = 0; i < 2; i++) {
                System.gc();
                Thread.sleep(10);
                for (int j = 0; j < 10; j++) {
                    PooledByteBufAllocator.DEFAULT.buffer(16).release();
                }
            }
        }
    }
}
