package io.grpcweb.gateway.config;

import java.util.regex.Pattern;

/** Tells IP addresses from names, without asking anyone. */
public final class Addresses {
    private static final Pattern V4 =
            Pattern.compile("(25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}");
    private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%.+)?");

    private Addresses() {}

    public static boolean isIp(String host) {
        return V4.matcher(host).matches() || V6.matcher(host).matches();
    }

    public static boolean isLoopback(String host) {
        return host.startsWith("127.") || host.equals("::1") || host.equals("localhost");
    }
}
