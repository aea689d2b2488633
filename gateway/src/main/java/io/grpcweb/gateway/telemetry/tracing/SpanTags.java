package io.grpcweb.gateway.telemetry.tracing;

/** What spans say of what they are about, in one of the vocabularies. */
interface SpanTags {

    /** The name of the span of an exchange where nothing else is said. */
    CharSequence name(ServerSpan span);

    /** The name of the span of an attempt. */
    CharSequence name(AttemptSpan span);

    /** The name of the span of a call that a filter makes. */
    CharSequence name(ServiceSpan span);

    /** Writes the attributes; returns whether what the span is about has failed. */
    boolean write(ServerSpan span, Attributes to);

    boolean write(AttemptSpan span, Attributes to);

    boolean write(ServiceSpan span, Attributes to);
}
