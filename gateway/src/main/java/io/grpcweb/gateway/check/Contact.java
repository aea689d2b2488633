package io.grpcweb.gateway.check;

import io.netty.channel.Channel;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What came of one connection to an endpoint.
 *
 * @param step how far it came
 * @param failure why it came no further; null where it did, or where nothing is known
 * @param opening what the server said first; null before that
 * @param alpn the protocol that it chose; null for none
 * @param chain its certificates, its own first; empty in cleartext and where they are not known
 * @param channel open where it speaks HTTP/2, and nothing has been asked yet
 */
record Contact(Step step, Throwable failure, Opening opening, String alpn, List<X509Certificate> chain, Channel channel)
        implements AutoCloseable {

    /** The steps of a connection, in their order. */
    enum Step {
        TCP,
        TLS,
        OPENED
    }

    Contact {
        chain = List.copyOf(chain);
    }

    boolean speaks(Opening.Kind kind) {
        return step == Step.OPENED && opening.kind() == kind;
    }

    boolean isConnected() {
        return step != Step.TCP;
    }

    boolean isSecured() {
        return step == Step.OPENED;
    }

    @Override
    public void close() {
        channel.close();
    }
}
