package io.grpcweb.gateway.filter.grpcjsontranscoder;

import io.grpcweb.gateway.http.LocalReply;

/** The call does not go on; the reply says why. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    private final transient LocalReply reply;

    Refusal(LocalReply reply) {
        super(reply.message(), null, false, false);
        this.reply = reply;
    }

    LocalReply reply() {
        return reply;
    }
}
