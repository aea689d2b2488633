package io.grpcweb.gateway.selftest;

import java.io.IOException;
import java.util.Map;

/** A call of gRPC-Web as a page makes it. It blocks; whoever closes it before its end cancels it. */
interface WebCall extends AutoCloseable {

    void send(byte[] message) throws IOException, InterruptedException;

    /** No more messages follow. */
    void end() throws IOException, InterruptedException;

    /** The next message; null at the end. */
    byte[] next() throws IOException, InterruptedException;

    /** The fields of the head of the response; waits for them. */
    Map<String, String> head() throws IOException, InterruptedException;

    /** The fields behind the last message; only after it. */
    Map<String, String> trailers();

    @Override
    void close() throws IOException;
}
