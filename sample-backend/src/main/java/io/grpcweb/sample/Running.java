package io.grpcweb.sample;

import java.util.ArrayDeque;
import java.util.Deque;

/** What has been started so far; ends it in reverse order, once, whoever asks first. */
final class Running implements AutoCloseable {
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private boolean closed;

    /** Takes over a part; one that comes after the end is ended at once. */
    synchronized <T extends AutoCloseable> T with(T part) {
        parts.push(part);
        if (closed) {
            end();
        }
        return part;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public synchronized void close() {
        closed = true;
        end();
    }

    private void end() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                System.err.println("While ending the demo: " + e);
            }
        }
    }
}
