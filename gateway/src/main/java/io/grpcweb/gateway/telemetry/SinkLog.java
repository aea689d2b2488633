package io.grpcweb.gateway.telemetry;

import io.grpcweb.gateway.http.ExchangeObserver;
import io.grpcweb.gateway.http.StreamInfo;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands entries to the program around the gateway, whose faults are its own. */
final class SinkLog implements ExchangeObserver {
    private static final Logger LOG = LoggerFactory.getLogger(SinkLog.class);

    private final AccessLogSink sink;
    private final Runnable lost;
    private final AtomicBoolean said = new AtomicBoolean();

    /**
     * For all listeners.
     *
     * @param lost is told of each entry that the sink did not take
     */
    SinkLog(AccessLogSink sink, Runnable lost) {
        this.sink = sink;
        this.lost = lost;
    }

    @Override
    public void started(StreamInfo info) {}

    @Override
    public void ended(StreamInfo info) {
        try {
            sink.log(AccessLogEntry.of(info));
        } catch (RuntimeException e) {
            lost.run();
            if (!said.getAndSet(true)) {
                LOG.error("the access log of the program failed; further failures are only counted", e);
            }
        }
    }
}
