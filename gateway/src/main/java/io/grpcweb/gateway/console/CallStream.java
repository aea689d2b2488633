package io.grpcweb.gateway.console;

import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.SideFailure;
import io.grpcweb.gateway.http.SideStream;
import io.grpcweb.gateway.http.SideStreamObserver;
import io.grpcweb.gateway.http.SideStreams;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The way between the thread of the page and the event loop of a call. What has come and is not shown yet is bounded: above that, the
 * backend waits. What the backend does not take is bounded as well: above that, the page is told to wait.
 */
final class CallStream implements SideStreamObserver {
    /** A message that is not whole counts, so that the second is above the size of the largest message. */
    private static final long PAUSE_ABOVE = 6 << 20;

    private static final long RESUME_BELOW = 5 << 20;
    private static final long MOST_UNSENT = 8 << 20;

    private final EventExecutor page;
    private final EventExecutor loop;
    private final Reader reader;
    private final AtomicLong unshown = new AtomicLong();
    private final AtomicLong unsent = new AtomicLong();
    private volatile boolean writable;

    // On the event loop.
    private SideStream stream;
    private Future<?> limit;
    private boolean paused;
    private boolean over;

    /** Who is told what comes, on the thread of the page; one of the last two methods ends it. */
    interface Reader {
        void head(Http2Headers head);

        /** A part of the body, which is taken over. */
        void data(ByteBuf data);

        /** The response is whole; {@code last} is where its status stands, null for nowhere. */
        void whole(Http2Headers last);

        void failed(GrpcStatus status, String reason);
    }

    CallStream(EventExecutor page, EventExecutor loop, Reader reader) {
        this.page = page;
        this.loop = loop;
        this.reader = reader;
    }

    // From the page.

    void open(SideStreams calls, String cluster, Http2Headers head, Duration most) {
        loop.execute(() -> {
            limit = loop.schedule(() -> timedOut(most), most.toNanos(), TimeUnit.NANOSECONDS);
            stream = calls.open(loop, cluster, head, this);
        });
    }

    /** Sends a part of the body, which is taken over where there is room. */
    void send(ByteBuf data) throws Refusal {
        if (!writable && unsent.get() > MOST_UNSENT) {
            throw new Refusal("the backend does not read what was sent already: " + unsent.get() + " bytes wait");
        }
        if (!writable) {
            unsent.addAndGet(data.readableBytes());
        }
        loop.execute(() -> stream.send(data));
    }

    void end() {
        loop.execute(() -> stream.end());
    }

    /** Nothing is told any more. */
    void cancel() {
        loop.execute(() -> {
            if (!over) {
                finish();
                stream.cancel();
            }
        });
    }

    /** So many bytes have been shown. */
    void shown(int bytes) {
        if (unshown.addAndGet(-bytes) < RESUME_BELOW) {
            loop.execute(() -> {
                if (paused && !over) {
                    paused = false;
                    stream.wanted(true);
                }
            });
        }
    }

    // From the event loop.

    private void finish() {
        over = true;
        limit.cancel(false);
    }

    private void timedOut(Duration most) {
        if (!over) {
            stream.cancel();
            failed(GrpcStatus.DEADLINE_EXCEEDED, "the call has not ended within " + most.toMillis() + " ms");
        }
    }

    @Override
    public void writable(boolean now) {
        writable = now;
        if (now) {
            unsent.set(0);
        }
    }

    @Override
    public void head(Http2Headers head, boolean end) {
        if (!over && tell(() -> reader.head(head)) && end) {
            whole(head);
        }
    }

    @Override
    public void data(ByteBuf data, boolean end) {
        if (over) {
            data.release();
            return;
        }
        if (unshown.addAndGet(data.readableBytes()) > PAUSE_ABOVE && !paused) {
            paused = true;
            stream.wanted(false);
        }
        if (!tell(() -> reader.data(data))) {
            data.release();
        } else if (end) {
            whole(null);
        }
    }

    @Override
    public void trailers(Http2Headers trailers) {
        whole(trailers);
    }

    private void whole(Http2Headers last) {
        if (!over) {
            finish();
            tell(() -> reader.whole(last));
        }
    }

    @Override
    public void failed(SideFailure failure, String reason) {
        failed(failure.grpcStatus(), reason);
    }

    @Override
    public void broken(Throwable fault) {
        failed(GrpcStatus.INTERNAL, "a fault of the gateway: " + fault);
    }

    private void failed(GrpcStatus status, String reason) {
        if (!over) {
            finish();
            tell(() -> reader.failed(status, reason));
        }
    }

    /** False where the page is gone with the whole admin listener; then so is the call. */
    private boolean tell(Runnable news) {
        try {
            page.execute(news);
            return true;
        } catch (RejectedExecutionException e) {
            if (!over) {
                finish();
                if (stream != null) {
                    stream.cancel();
                }
            }
            return false;
        }
    }
}
