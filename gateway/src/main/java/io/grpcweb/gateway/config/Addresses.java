package io.grpcweb.gateway.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** Tells IP addresses from names, without asking anyone. */
public final class Addresses {
    private static final Pattern V4 =
            Pattern.compile("(25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}");
    private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%.+)?");

    private static final Pattern LENGTH = Pattern.compile("\\d{1,3}");

    private Addresses() {}

    public static boolean isIp(String host) {
        return V4.matcher(host).matches() || V6.matcher(host).matches();
    }

    /** Whether it is an IP address with the length of a prefix, such as {@code 10.0.0.0/8}. */
    public static boolean isNetwork(String text) {
        int slash = text.indexOf('/');
        if (slash < 0
                || !isIp(text.substring(0, slash))
                || !LENGTH.matcher(text.substring(slash + 1)).matches()) {
            return false;
        }
        try {
            // An address in digits is asked of nobody.
            int bits = 8 * InetAddress.getByName(text.substring(0, slash)).getAddress().length;
            return Integer.parseInt(text.substring(slash + 1)) <= bits;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    public static boolean isLoopback(String host) {
        return host.startsWith("127.") || host.equals("::1") || host.equals("localhost");
    }
}
