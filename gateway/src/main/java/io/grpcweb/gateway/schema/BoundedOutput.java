package io.grpcweb.gateway.schema;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Passes on so many bytes and fails with the next one: a byte of a message can become forty of JSON, where it stands for a name. */
public final class BoundedOutput extends FilterOutputStream {
    private final long most;
    private long left;

    public BoundedOutput(OutputStream out, long most) {
        super(out);
        this.most = most;
        this.left = most;
    }

    @Override
    public void write(int one) throws IOException {
        take(1);
        out.write(one);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        take(length);
        out.write(bytes, from, length);
    }

    private void take(int length) throws IOException {
        left -= length;
        if (left < 0) {
            throw new IOException("it has more than " + most + " bytes");
        }
    }
}
