package io.grpcweb.gateway.process;

/** Is told how far the gateway has come, once each unless said otherwise; on any thread, which it must not hold up. */
public interface Milestones {
    Milestones NONE = new Milestones() {};

    /** All listeners are open. */
    default void live() {}

    /** The configuration is read again; each time. */
    default void reloading() {}

    /**
     * It was read again; each time.
     *
     * @param problem why the one before stays in force; empty where the new one is in force
     */
    default void reloaded(String problem) {}

    /** The gateway begins to end. */
    default void stopping() {}
}
