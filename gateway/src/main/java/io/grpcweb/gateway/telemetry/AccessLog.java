package io.grpcweb.gateway.telemetry;

import io.grpcweb.gateway.config.AccessLogConfig;
import io.grpcweb.gateway.format.LineBuffer;
import io.grpcweb.gateway.format.LogFilter;
import io.grpcweb.gateway.format.LogFormat;
import io.grpcweb.gateway.http.StreamInfo;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.function.Predicate;

/** One access log: which exchanges it is for, how a line looks, and who writes it. */
final class AccessLog {
    private final FastThreadLocal<LineBuffer> buffers = new FastThreadLocal<>() {
        @Override
        protected LineBuffer initialValue() {
            return new LineBuffer();
        }
    };

    private final Predicate<StreamInfo> filter;
    private final LogFormat format;
    private final LogWriter writer;

    AccessLog(AccessLogConfig config, LogWriter writer) {
        this.filter = config.filter().map(LogFilter::of).orElse(null);
        this.format = LogFormat.of(config.format());
        this.writer = writer;
    }

    /** On the exchange's event loop, when it has ended. */
    void log(StreamInfo info) {
        if (filter != null && !filter.test(info)) {
            return;
        }
        LineBuffer line = buffers.get();
        line.clear();
        format.write(info, line);
        line.to(writer);
    }
}
