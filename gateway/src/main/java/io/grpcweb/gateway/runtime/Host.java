package io.grpcweb.gateway.runtime;

import io.grpcweb.gateway.process.Milestones;
import io.grpcweb.gateway.process.PassedSockets;
import io.grpcweb.gateway.telemetry.AccessLogSink;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoopGroup;

/**
 * What the program around a gateway gives it.
 *
 * @param concurrency how many event loops serve, where they are its own
 * @param eventLoops those that serve, or null for its own
 * @param registry of its own metrics, or null for one of its own
 * @param accessLog gets an entry for each request, or null
 * @param kinds of filters, those with which its configurations are read
 * @param isProcess whether the process does nothing else, so that its heap is the gateway's to look after
 * @param sockets that listeners take, where their addresses are equal
 * @param milestones is told how far it has come
 */
public record Host(
        int concurrency,
        EventLoopGroup eventLoops,
        MeterRegistry registry,
        AccessLogSink accessLog,
        FilterKinds kinds,
        boolean isProcess,
        PassedSockets sockets,
        Milestones milestones) {
    /** Without sockets that were passed. */
    public Host(
            int concurrency,
            EventLoopGroup eventLoops,
            MeterRegistry registry,
            AccessLogSink accessLog,
            FilterKinds kinds,
            boolean isProcess) {
        this(concurrency, eventLoops, registry, accessLog, kinds, isProcess, PassedSockets.none(), Milestones.NONE);
    }

    /** A process that does nothing else. */
    public static Host process(int concurrency) {
        return new Host(concurrency, null, null, null, FilterKinds.ALL, true);
    }

    /** A process that others tell something, or that tells others something. */
    public static Host process(int concurrency, PassedSockets sockets, Milestones milestones) {
        return new Host(concurrency, null, null, null, FilterKinds.ALL, true, sockets, milestones);
    }
}
