package io.grpcweb.gateway.files;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads that read files, since a disk may be slow: two for a gateway, none while nothing is read. */
final class FileReaders {
    private static final int THREADS = 2;

    private final ExecutorService threads;

    FileReaders() {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "pages");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        threads = pool;
    }

    void execute(Runnable task) {
        threads.execute(task);
    }
}
