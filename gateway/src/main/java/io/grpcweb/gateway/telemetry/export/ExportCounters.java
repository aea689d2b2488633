package io.grpcweb.gateway.telemetry.export;

/** What is counted of items and their batches. */
public interface ExportCounters {

    /** A batch has arrived. */
    void sent(int items);

    /** Items are lost: their batch was, or there was no room. */
    void dropped(int items);

    /** A batch was refused or lost; its items are dropped. */
    default void failed(int items) {}

    /** A batch leaves because of its age. */
    void flushedByTimer();
}
