package io.grpcweb.gateway.stats;

import io.grpcweb.gateway.stats.Stat.Label;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * Answers of backends by status and by its first digit: {@code upstream_rq_503}, {@code upstream_rq_5xx}. Each series
 * appears with its first answer, as in Envoy.
 */
public final class ResponseCodes extends StatGroup {
    private static final int FIRST = 100;
    private static final int LAST = 599;

    /** Null until the first answer: most clusters have four of these groups and need one. */
    private volatile AtomicReferenceArray<LongAdder> codes;

    private final LongAdder[] classes = new LongAdder[5];
    private final LongAdder completed;

    ResponseCodes(String prefix, String family, List<Label> labels, boolean completedFromTheStart) {
        super(prefix, family, labels);
        completed = counter("upstream_rq_completed", completedFromTheStart);
        for (int i = 0; i < classes.length; i++) {
            classes[i] = counter(
                    "upstream_rq_" + (i + 1) + "xx",
                    "upstream_rq_xx",
                    new Label("envoy_response_code_class", Integer.toString(i + 1)),
                    false);
        }
    }

    /** A backend has answered, or the gateway in its place. */
    public void count(int status) {
        if (status < FIRST || status > LAST) {
            return;
        }
        AtomicReferenceArray<LongAdder> known = codes;
        LongAdder code = known == null ? null : known.get(status - FIRST);
        if (code == null) {
            code = appear(status);
        }
        code.increment();
        classes[status / 100 - 1].increment();
        completed.increment();
    }

    private synchronized LongAdder appear(int status) {
        if (codes == null) {
            codes = new AtomicReferenceArray<>(LAST - FIRST + 1);
        }
        LongAdder code = codes.get(status - FIRST);
        if (code == null) {
            code = counter(
                    "upstream_rq_" + status,
                    "upstream_rq",
                    new Label("envoy_response_code", Integer.toString(status)),
                    true);
            codes.set(status - FIRST, code);
        }
        return code;
    }
}
