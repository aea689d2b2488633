package io.grpcweb.gateway.downstream;

/**
 * The streams of an HTTP/2 connection that the gateway reset last. What was on its way for them is no fault of the client
 * (RFC 9113 section 5.1): a script that uploads sends on until it has seen the answer.
 */
final class CalledOffStreams {
    private static final int REMEMBERED = 64;

    private int[] ids;
    private int next;

    void add(int streamId) {
        if (ids == null) {
            ids = new int[REMEMBERED];
        }
        ids[next++ % REMEMBERED] = streamId;
    }

    boolean contains(int streamId) {
        if (ids != null) {
            for (int id : ids) {
                if (id == streamId) {
                    return true;
                }
            }
        }
        return false;
    }
}
