package io.grpcweb.gateway.format;

import io.grpcweb.gateway.http.StreamInfo;

/** A fact of an exchange that a log line can name. */
sealed interface Operator {

    /** A text; null where there is none. */
    @FunctionalInterface
    non-sealed interface Text extends Operator {
        CharSequence of(StreamInfo info);
    }

    /** The name of something; null for nothing. */
    static String text(Object named) {
        return named == null ? null : named.toString();
    }

    /** A text that mostly is the same object as in the call before, such as the name of a cluster. */
    @FunctionalInterface
    interface Word extends Text {}

    /** A word that may be empty, which is not the same as missing. */
    @FunctionalInterface
    interface Remark extends Word {}

    /** A text that may stand for a piece of JSON. */
    interface Document extends Text {

        /** As JSON; null where there is none. */
        CharSequence json(StreamInfo info);
    }

    /** A text of bytes, such as the value of a header field; null where there is none. */
    @FunctionalInterface
    non-sealed interface Octets extends Operator {
        CharSequence of(StreamInfo info);
    }

    /** A number; {@link #NONE} where there is none. */
    @FunctionalInterface
    non-sealed interface Count extends Operator {
        long NONE = Long.MIN_VALUE;

        long of(StreamInfo info);
    }
}
