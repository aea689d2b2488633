package io.grpcweb.gateway.telemetry;

import io.grpcweb.gateway.http.StreamInfo;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The calls that pages have open over HTTP/1.1, of which a browser allows six for each host. They count for a page, which is an origin
 * and an address; of so many pages at most. Any event loop.
 */
final class PageStreams {
    private static final int BROWSERS_LIMIT = 6;
    private static final int MOST_PAGES = 1024;

    /** What is open so long is a stream. */
    private static final long STREAM_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ConcurrentHashMap<Page, Open> pages = new ConcurrentHashMap<>();

    private record Page(String origin, String address) {}

    /** The beginnings of open calls, in no order; immutable. */
    private record Open(long[] began) {
        Open and(long now) {
            long[] more = Arrays.copyOf(began, began.length + 1);
            more[began.length] = now;
            return new Open(more);
        }

        /** Null where none is left. */
        Open without(long began) {
            int at = 0;
            while (at < this.began.length && this.began[at] != began) {
                at++;
            }
            if (at == this.began.length) {
                return this;
            }
            if (this.began.length == 1) {
                return null;
            }
            long[] fewer = Arrays.copyOf(this.began, this.began.length - 1);
            if (at < fewer.length) {
                fewer[at] = this.began[fewer.length];
            }
            return new Open(fewer);
        }

        /** Whether the browser can make no more calls, and all but the newest of its own are streams. */
        boolean isFull(long now) {
            if (began.length < BROWSERS_LIMIT) {
                return false;
            }
            int streams = 0;
            for (long one : began) {
                streams += now - one >= STREAM_NANOS ? 1 : 0;
            }
            return streams >= BROWSERS_LIMIT - 1;
        }
    }

    /** Returns whether the page has no room for another call, as far as its browser goes. */
    boolean opened(CharSequence origin, StreamInfo info) {
        Page page = new Page(origin.toString(), info.connection.remoteHost());
        if (pages.size() >= MOST_PAGES && !pages.containsKey(page)) {
            return false;
        }
        info.countedFor = page.origin();
        long now = info.startNanos;
        return pages.compute(page, (key, open) -> open == null ? new Open(new long[] {now}) : open.and(now))
                .isFull(now);
    }

    void closed(StreamInfo info) {
        Page page = new Page(info.countedFor, info.connection.remoteHost());
        pages.computeIfPresent(page, (key, open) -> open.without(info.startNanos));
    }

    /** How many pages are remembered. */
    int size() {
        return pages.size();
    }
}
