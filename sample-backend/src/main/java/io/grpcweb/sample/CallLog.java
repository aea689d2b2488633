package io.grpcweb.sample;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line for each call when it ends: instance, method, status, duration. */
final class CallLog implements ServerInterceptor {
    private static final Logger LOG = LoggerFactory.getLogger(CallLog.class);

    private final String instance;

    CallLog(String instance) {
        this.instance = instance;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String method = call.getMethodDescriptor().getFullMethodName();
        long start = System.nanoTime();
        // A call ends by close() or by onCancel(), and a cancel can follow a close that never left.
        AtomicBoolean logged = new AtomicBoolean();
        var listener = next.startCall(
                new SimpleForwardingServerCall<Q, A>(call) {
                    @Override
                    public void close(Status status, Metadata trailers) {
                        if (logged.compareAndSet(false, true)) {
                            log(method, status, start);
                        }
                        super.close(status, trailers);
                    }
                },
                headers);
        return new SimpleForwardingServerCallListener<Q>(listener) {
            @Override
            public void onCancel() {
                if (logged.compareAndSet(false, true)) {
                    log(method, Status.CANCELLED, start);
                }
                super.onCancel();
            }
        };
    }

    private void log(String method, Status status, long start) {
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        String message = status.getDescription() == null ? "" : " (" + status.getDescription() + ")";
        LOG.info("{} {} {}{} {} ms", instance, method, status.getCode(), message, tookMs);
    }
}
