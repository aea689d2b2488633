package io.grpcweb.gateway.console;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Secrets that stand in the pages, one for each time that a page is loaded. A page of another site can send a request here, but it cannot
 * read a page from here, so that it has none of them. Each opens one socket, within a minute. On one thread.
 */
final class PageTokens {
    private static final int MOST = 64;
    private static final int BYTES = 32;
    private static final long LIFE = TimeUnit.MINUTES.toNanos(1);

    private final SecureRandom random = new SecureRandom();
    private final LongSupplier nanoTime;

    /** With the time they were issued, in that order. */
    private final Map<String, Long> issued = new LinkedHashMap<>();

    PageTokens(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    String issue() {
        if (issued.size() == MOST) {
            Iterator<String> eldest = issued.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
        byte[] secret = new byte[BYTES];
        random.nextBytes(secret);
        String token = HexFormat.of().formatHex(secret);
        issued.put(token, nanoTime.getAsLong());
        return token;
    }

    /** Whether it was issued and neither used nor too old; it is used now. */
    boolean take(String token) {
        Long at = issued.remove(token);
        return at != null && nanoTime.getAsLong() - at <= LIFE;
    }
}
