package io.grpcweb.gateway.stats;

import io.grpcweb.gateway.stats.Stat.Label;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Answers to clients by the first digit of their status: {@code downstream_rq_2xx} and its kin. */
public final class ResponseClasses extends StatGroup {
    private final LongAdder[] classes = new LongAdder[5];
    private final LongAdder completed = counter("downstream_rq_completed");

    ResponseClasses(String prefix, String family, List<Label> labels) {
        super(prefix, family, labels);
        for (int i = 0; i < classes.length; i++) {
            classes[i] = counter(
                    "downstream_rq_" + (i + 1) + "xx",
                    "downstream_rq_xx",
                    new Label("envoy_response_code_class", Integer.toString(i + 1)),
                    true);
        }
    }

    /** A response's head has left. */
    public void count(int status) {
        int index = status / 100 - 1;
        if (index >= 0 && index < classes.length) {
            classes[index].increment();
            completed.increment();
        }
    }
}
