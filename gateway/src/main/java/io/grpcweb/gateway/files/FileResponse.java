package io.grpcweb.gateway.files;

import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.LocalReply;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

/**
 * One file on its way to a browser. A thread finds and reads it part by part; the next part is read when the browser has room
 * for it, so one part is held at most. Confined to the event loop of its exchange, but for the reading.
 */
public final class FileResponse {
    private static final int PART = 64 * 1024;

    private final Exchange exchange;
    private final Folder folder;
    private final FileReaders readers;
    private final Receiver receiver;
    private final EventExecutor loop;
    private final boolean headOnly;
    private FoundFile file;
    private long at;
    private long left;
    private boolean reading;
    private boolean writable = true;
    private boolean over;

    /** Takes what goes up. */
    public interface Receiver {
        void head(Http2Headers head, boolean end);

        /** Takes the part over. */
        void data(ByteBuf part, boolean end);
    }

    FileResponse(Exchange exchange, Folder folder, FileReaders readers, Receiver receiver, boolean headOnly) {
        this.exchange = exchange;
        this.folder = folder;
        this.readers = readers;
        this.receiver = receiver;
        this.loop = exchange.executor();
        this.headOnly = headOnly;
    }

    void begin(Http2Headers request, String path, boolean wantsPage, List<AcceptedCodings.Coding> codings) {
        read(() -> {
            if (folder.lacksSlash(path)) {
                return () -> exchange.reply(
                        LocalReply.redirect(301, withSlash(request.path().toString())));
            }
            FoundFile found = folder.find(path, wantsPage, codings);
            return () -> found(request, found);
        });
    }

    private static String withSlash(String path) {
        int query = path.indexOf('?');
        return query < 0 ? path + "/" : path.substring(0, query) + "/" + path.substring(query);
    }

    private void found(Http2Headers request, FoundFile found) {
        if (found == null) {
            exchange.reply(LocalReply.noFile());
            return;
        }
        file = found;
        if (over) {
            close();
            return;
        }
        FileHead head = FileHead.of(request, found);
        at = head.from();
        left = headOnly ? 0 : head.length();
        boolean end = left == 0;
        if (end) {
            close();
        }
        receiver.head(head.fields(), end);
        next();
    }

    private void next() {
        if (over || reading || !writable || left == 0) {
            return;
        }
        int most = (int) Math.min(PART, left);
        ByteBuf part = exchange.allocator().buffer(most);
        FoundFile from = file;
        long position = at;
        read(() -> {
            try {
                while (part.writableBytes() > 0 && part.readableBytes() < most) {
                    int got = part.writeBytes(
                            from.channel(), position + part.readableBytes(), most - part.readableBytes());
                    if (got < 0) {
                        throw new IOException("the file '" + from.name() + "' has become shorter");
                    }
                }
            } catch (IOException | RuntimeException e) {
                part.release();
                throw e;
            }
            return () -> deliver(part);
        });
    }

    private void deliver(ByteBuf part) {
        if (over) {
            part.release();
            close();
            return;
        }
        at += part.readableBytes();
        left -= part.readableBytes();
        boolean end = left == 0;
        if (end) {
            close();
        }
        receiver.data(part, end);
        next();
    }

    /** Whether the browser takes more at the moment. */
    public void responseWritable(boolean more) {
        writable = more;
        next();
    }

    /** Nothing may go up any more. */
    public void cancel() {
        over = true;
        if (!reading) {
            close();
        }
    }

    private void close() {
        over = true;
        if (file != null) {
            FoundFile done = file;
            file = null;
            readers.execute(() -> {
                try {
                    done.channel().close();
                } catch (IOException e) {
                    // It was only read.
                }
            });
        }
    }

    /** Blocks, on a thread of its own; says what follows on the event loop. */
    private interface Reading {
        Runnable read() throws IOException;
    }

    private void read(Reading task) {
        reading = true;
        readers.execute(() -> {
            Runnable then;
            try {
                then = task.read();
            } catch (IOException | RuntimeException e) {
                then = () -> {
                    close();
                    exchange.broken(e);
                };
            }
            Runnable after = then;
            try {
                loop.execute(() -> {
                    reading = false;
                    after.run();
                });
            } catch (RejectedExecutionException e) {
                // The gateway has ended, and with it the exchange.
                close();
            }
        });
    }
}
