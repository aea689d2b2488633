package io.grpcweb.gateway.filter;

import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** What filters have to do before their first request, such as fetching keys. Ports open behind it. */
public final class Warming {
    private final List<Task> tasks = new ArrayList<>();

    /** Something to do beforehand. */
    @FunctionalInterface
    public interface Task {

        /**
         * Begins.
         *
         * @param loop the caller's event loop; clusters can be called from now on
         * @param done is called once, however it went
         */
        void begin(EventExecutor loop, Runnable done);
    }

    /** Has something done before the next ports open. */
    public synchronized void add(Task task) {
        tasks.add(task);
    }

    /**
     * Does what was added since the last time.
     *
     * @param ready is called once, on some thread
     */
    public void begin(EventExecutor loop, Runnable ready) {
        List<Task> now = taken();
        if (now.isEmpty()) {
            ready.run();
            return;
        }
        AtomicInteger left = new AtomicInteger(now.size());
        loop.execute(() -> now.forEach(task -> task.begin(loop, () -> {
            if (left.decrementAndGet() == 0) {
                ready.run();
            }
        })));
    }

    private synchronized List<Task> taken() {
        List<Task> now = List.copyOf(tasks);
        tasks.clear();
        return now;
    }
}
