package io.grpcweb.gateway.net;

import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** A few file descriptors that are held back for connections that matter when all others are taken. For one thread. */
public final class SpareDescriptors implements AutoCloseable {
    private static final String NOTHING = "/dev/null";

    private final int count;
    private final Deque<FileInputStream> held = new ArrayDeque<>();

    public SpareDescriptors(int count) {
        this.count = count;
        refill();
    }

    /** Makes one free; whether there was one. */
    public boolean release() {
        FileInputStream one = held.poll();
        if (one == null) {
            return false;
        }
        try {
            one.close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Takes back what was given, as far as there are any. */
    public void refill() {
        try {
            while (held.size() < count) {
                held.add(new FileInputStream(NOTHING));
            }
        } catch (IOException e) {
            // Next time, or never where the system has no such file.
            return;
        }
    }

    @Override
    public void close() {
        while (release()) {
            // All of them.
        }
    }
}
