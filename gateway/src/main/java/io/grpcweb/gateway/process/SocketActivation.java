package io.grpcweb.gateway.process;

import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Sockets that systemd has opened for the process: {@code sd_listen_fds(3)}. */
public final class SocketActivation {
    private static final int FIRST = 3;

    private SocketActivation() {}

    /**
     * The sockets that were passed to this process, as its environment says.
     *
     * @return none where {@code LISTEN_PID} is not this process: then they were for another one
     * @throws IOException names every descriptor that cannot be listened on
     */
    public static PassedSockets sockets(Map<String, String> environment, long pid) throws IOException {
        String count = environment.get("LISTEN_FDS");
        if (count == null || !Long.toString(pid).equals(environment.get("LISTEN_PID"))) {
            return PassedSockets.none();
        }
        if (!Epoll.isAvailable()) {
            throw new IOException("LISTEN_FDS: sockets are taken with epoll only: "
                    + Epoll.unavailabilityCause().getMessage());
        }
        List<PassedSocket> sockets = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        int end = FIRST + number(count);
        for (int descriptor = FIRST; descriptor < end; descriptor++) {
            try {
                sockets.add(PassedSocket.of(descriptor));
            } catch (IOException e) {
                problems.add("LISTEN_FDS: " + e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new IOException(String.join("\n", problems));
        }
        return PassedSockets.of(sockets);
    }

    private static int number(String count) throws IOException {
        try {
            int number = Integer.parseInt(count);
            if (number >= 0 && number < 4096) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new IOException("LISTEN_FDS: '" + count + "' is not a number of descriptors");
    }
}
