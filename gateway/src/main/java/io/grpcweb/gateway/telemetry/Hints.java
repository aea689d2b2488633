package io.grpcweb.gateway.telemetry;

import io.grpcweb.gateway.http.ForeignText;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says each hint once for what it is about, in the log and on the page of recent events; about so many things at most. Any thread. */
final class Hints {
    private static final Logger LOG = LoggerFactory.getLogger(Hints.class);

    /** Pages can claim any origin, so that somebody must end them. */
    private static final int MOST = 32;

    private final RecentEvents recent;
    private final Map<Hint, Set<String>> said = new EnumMap<>(Hint.class);

    Hints(RecentEvents recent) {
        this.recent = recent;
        for (Hint hint : Hint.values()) {
            said.put(hint, new HashSet<>());
        }
    }

    /**
     * Says it, unless it was said.
     *
     * @param about a cluster, or the origin of a page; perhaps a stranger's text
     */
    void tell(Hint hint, String kind, CharSequence about) {
        String subject = kind + " " + ForeignText.of(about);
        synchronized (this) {
            Set<String> before = said.get(hint);
            if (before.size() >= MOST || !before.add(subject)) {
                return;
            }
        }
        LOG.warn("{}: {}; {} ({})", subject, hint.what(), hint.cure(), hint.help());
        recent.hinted(subject, hint.what(), hint.cure(), hint.help());
    }
}
