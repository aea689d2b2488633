package io.grpcweb.gateway.telemetry.export;

/** What is counted of items and their batches. */
public interface ExportCounters {

    /** A batch has arrived. */
    void sent(int items);

    /** A batch was refused or lost, or there was no room for an item. */
    void dropped(int items);

    /** A batch leaves because of its age. */
    void flushedByTimer();
}
