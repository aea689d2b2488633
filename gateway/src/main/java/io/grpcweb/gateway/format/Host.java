package io.grpcweb.gateway.format;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The machine that this runs on. */
final class Host {
    /** Its name, without asking DNS where the environment tells. */
    static final String NAME = name();

    private Host() {}

    private static String name() {
        String given = System.getenv("HOSTNAME");
        if (given != null && !given.isEmpty()) {
            return given;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "-";
        }
    }
}
