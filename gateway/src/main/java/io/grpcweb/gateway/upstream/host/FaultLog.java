package io.grpcweb.gateway.upstream.host;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what is wrong with an endpoint, the same thing once a minute and so many things at most. Any event loop. */
public final class FaultLog {
    private static final Logger LOG = LoggerFactory.getLogger(FaultLog.class);
    private static final long PERIOD_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int MOST = 8;

    private final Set<String> said = new HashSet<>();
    private long sinceNanos;

    public void warn(String cluster, Host host, String text) {
        if (isNew(text, System.nanoTime())) {
            LOG.warn("cluster {}: {}: {}", cluster, host, text);
        }
    }

    synchronized boolean isNew(String text, long nowNanos) {
        if (!said.isEmpty() && nowNanos - sinceNanos > PERIOD_NANOS) {
            said.clear();
        }
        if (said.isEmpty()) {
            sinceNanos = nowNanos;
        }
        return said.size() < MOST && said.add(text);
    }
}
