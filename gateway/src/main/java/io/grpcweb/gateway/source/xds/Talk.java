package io.grpcweb.gateway.source.xds;

import com.google.protobuf.MessageLite;
import io.grpcweb.gateway.config.ResourceType;
import io.grpcweb.gateway.source.xds.proto.ErrorDetail;
import io.grpcweb.gateway.source.xds.proto.Node;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is said about one kind of resources on one stream: events go in, messages come out. It lives on when the stream is
 * opened again and then says what it has.
 */
abstract class Talk {
    /** Code of a refusal: INTERNAL, as Envoy's. */
    private static final int INTERNAL = 13;

    /** Longer texts are cut: a header block of a control plane's own log would not take more either. */
    private static final int LONGEST_ERROR = 16 * 1024;

    private final ResourceType type;
    private final Set<String> names = new TreeSet<>();
    private boolean wanted;
    private boolean asked;
    private boolean changed;
    private boolean owed;
    private String error;
    private String nonce = "";

    Talk(ResourceType type) {
        this.type = type;
    }

    final ResourceType type() {
        return type;
    }

    /** All that is wanted, in order; of a kind that is asked for as a whole always empty. */
    final Set<String> names() {
        return names;
    }

    /** Whether anything is wanted, so that answers are welcome. */
    final boolean isWanted() {
        return wanted;
    }

    /** Whether this stream has had a request already. */
    final boolean isAsked() {
        return asked;
    }

    /** Somebody wants a resource, or all of them where the name is empty. */
    final void want(String name) {
        changed |= name.isEmpty() ? !wanted : names.add(name);
        wanted = true;
    }

    /** Nobody wants it any more. */
    final void forget(String name) {
        if (name.isEmpty()) {
            wanted = false;
        } else {
            changed |= names.remove(name);
            forgot(name);
        }
    }

    /** What is known of it is of no interest any more. */
    abstract void forgot(String name);

    /** The stream is open, anew: all is asked for again. */
    final void opened() {
        asked = false;
        changed = wanted;
        owed = false;
        error = null;
        nonce = "";
        openedAnew();
    }

    abstract void openedAnew();

    /** An answer has come and is going to be dealt with. */
    final void received(Answer answer) {
        nonce = answer.nonce();
        owed = false;
        error = null;
    }

    /** It was taken. */
    final void taken(Answer answer) {
        owed = true;
        accept(answer.delivery());
    }

    abstract void accept(Delivery delivery);

    /** It was refused. */
    final void refused(String why) {
        owed = true;
        error = why.length() > LONGEST_ERROR ? why.substring(0, LONGEST_ERROR) : why;
    }

    /** The next message, or null where there is nothing to say. */
    final MessageLite next(Node node) {
        if (!owed && !changed) {
            return null;
        }
        MessageLite message = message(node, owed ? error : null, !owed);
        asked |= message != null;
        changed = false;
        owed = false;
        error = null;
        return message;
    }

    /**
     * A message with what is wanted now.
     *
     * @param node who asks, or null
     * @param refusal why the last answer is refused, or null
     * @param idle whether there is nothing to say but a change of what is wanted
     * @return null where that is nothing after all
     */
    abstract MessageLite message(Node node, String refusal, boolean idle);

    final String nonce() {
        return nonce;
    }

    static ErrorDetail detail(String text) {
        return ErrorDetail.newBuilder().setCode(INTERNAL).setMessage(text).build();
    }
}
