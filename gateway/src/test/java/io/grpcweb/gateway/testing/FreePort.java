package io.grpcweb.gateway.testing;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A port at which nobody listens and which nobody gets by chance: it lies below those that Linux gives to sockets that ask for
 * any (32768 and above), unlike one of a socket that was closed again.
 */
public final class FreePort {
    private static final int FIRST = 20_000;
    private static final int END = 32_768;

    private FreePort() {}

    public static int take() {
        for (int i = 0; i < 1000; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            if (isFree(port)) {
                return port;
            }
        }
        throw new AssertionError("no free port from " + FIRST + " to " + END);
    }

    private static boolean isFree(int port) {
        try (ServerSocket any = new ServerSocket(port)) {
            return any.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
