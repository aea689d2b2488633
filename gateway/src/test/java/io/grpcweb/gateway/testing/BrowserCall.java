package io.grpcweb.gateway.testing;

/** One call of a raw client. Everything that waits does so for ten seconds at most. */
public interface BrowserCall {

    /** A part of the body: a chunk or a DATA frame. */
    void send(byte[] part);

    /** Ends the request. */
    void end();

    /** RST_STREAM(CANCEL), or the connection is closed. */
    void cancel();

    /** Waits for the head; the status. */
    int status();

    /** Waits for this many bytes of the body; all that have come. */
    byte[] body(int bytes);

    /** Waits for the end. */
    Answer answer();
}
