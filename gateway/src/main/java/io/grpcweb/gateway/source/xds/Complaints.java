package io.grpcweb.gateway.source.xds;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what goes wrong again and again at most once a minute. */
final class Complaints {
    private static final Logger LOG = LoggerFactory.getLogger(Complaints.class);
    private static final long QUIET_NANOS = Duration.ofMinutes(1).toNanos();

    private final Timers timers;
    private long lastNanos;
    private boolean said;

    Complaints(Timers timers) {
        this.timers = timers;
    }

    void say(String format, Object... arguments) {
        if (!said || timers.nanos() - lastNanos >= QUIET_NANOS) {
            said = true;
            lastNanos = timers.nanos();
            LOG.warn(format, arguments);
        }
    }

    /** It goes well: the next time it goes wrong is news. */
    void over() {
        said = false;
    }
}
