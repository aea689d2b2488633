package io.grpcweb.gateway.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What is watched of the process, and what is done when it runs short: Envoy's overload manager.
 *
 * @param refresh how often the monitors are read
 * @param monitors by unique name
 * @param actions what is done; each kind once at the most
 * @param shedPoints where work is turned away; each place once at the most
 * @param timers which timeouts {@link Kind#REDUCE_TIMEOUTS} shortens, and how far
 * @param smallestStream streams that hold less than two to this power of bytes are not reset
 */
public record OverloadConfig(
        Duration refresh,
        List<Monitor> monitors,
        List<Action> actions,
        List<ShedPoint> shedPoints,
        List<Reduction> timers,
        int smallestStream) {

    /** Of nothing but the memory: it runs short in this order of actions. */
    public static final OverloadConfig DEFAULT = new OverloadConfig(
            Duration.ofSeconds(1),
            List.of(new Monitor("memory", Resource.MEMORY, 0, "")),
            List.of(
                    new Action(Kind.REDUCE_TIMEOUTS, List.of(new Trigger("memory", 0.85, 0.95))),
                    new Action(Kind.SHRINK_HEAP, List.of(new Trigger("memory", 0.9, 0.9))),
                    new Action(Kind.DISABLE_HTTP_KEEPALIVE, List.of(new Trigger("memory", 0.92, 0.92))),
                    new Action(Kind.STOP_ACCEPTING_REQUESTS, List.of(new Trigger("memory", 0.95, 0.95))),
                    new Action(Kind.STOP_ACCEPTING_CONNECTIONS, List.of(new Trigger("memory", 0.95, 0.95))),
                    new Action(Kind.RESET_HIGH_MEMORY_STREAM, List.of(new Trigger("memory", 0.97, 1)))),
            List.of(),
            List.of(
                    new Reduction(Timer.CONNECTION_IDLE, Duration.ofSeconds(5), 0),
                    new Reduction(Timer.STREAM_FLUSH, Duration.ofSeconds(5), 0),
                    new Reduction(Timer.TRANSPORT_SOCKET_CONNECT, Duration.ofSeconds(2), 0)),
            20);

    public OverloadConfig {
        monitors = List.copyOf(monitors);
        actions = List.copyOf(actions);
        shedPoints = List.copyOf(shedPoints);
        timers = List.copyOf(timers);
    }

    /** What a monitor looks at. */
    public enum Resource {
        /** Heap and direct buffers that are in use, against the most that the process may have. */
        MEMORY,
        /** What the control group of the process has, against its limit. */
        CGROUP,
        /** Connections of clients. */
        CONNECTIONS,
        /** Processor time, against all of it. */
        CPU,
        /** A number from 0 to 1 in a file. */
        FILE
    }

    /**
     * Something that may run short.
     *
     * @param most bytes or connections; 0: what the process or its control group may have
     * @param file for {@link Resource#FILE} alone
     */
    public record Monitor(String name, Resource resource, long most, String file) {}

    /**
     * How far a monitor puts something in force: not at all up to {@code from}, wholly from {@code full} on, in between as
     * far as it has come. Both are the same where there is nothing in between.
     */
    public record Trigger(String monitor, double from, double full) {}

    /** What is done. */
    public enum Kind {
        /** Requests are answered with 503. */
        STOP_ACCEPTING_REQUESTS,
        /** Connections end with their next response. */
        DISABLE_HTTP_KEEPALIVE,
        /** Connections wait in the system's queue. */
        STOP_ACCEPTING_CONNECTIONS,
        /** Connections are closed as they come. */
        REJECT_INCOMING_CONNECTIONS,
        /** The heap is collected, and made smaller. */
        SHRINK_HEAP,
        /** Responses of which much waits for the client are reset. */
        RESET_HIGH_MEMORY_STREAM,
        /** Timeouts become shorter. */
        REDUCE_TIMEOUTS
    }

    /** Something that is done, as far as the trigger says that has come furthest. */
    public record Action(Kind kind, List<Trigger> triggers) {
        public Action {
            triggers = List.copyOf(triggers);
        }
    }

    /** A place where work can be turned away. */
    public enum Place {
        /** A connection is closed when it is accepted. */
        ACCEPT,
        /** A request is answered with 503 when its head has come. */
        REQUEST_HEAD,
        /** An HTTP/1.1 connection is closed when something comes for a request that is not answered yet. */
        HTTP1_READ,
        /** An HTTP/2 connection is told to end when something comes. */
        HTTP2_READ,
        /** An HTTP/2 connection is closed when something comes. */
        HTTP2_READ_CLOSE
    }

    /** A place where work is turned away, as often as the triggers say. */
    public record ShedPoint(Place place, List<Trigger> triggers) {
        public ShedPoint {
            triggers = List.copyOf(triggers);
        }
    }

    /** A timeout that may become shorter. */
    public enum Timer {
        CONNECTION_IDLE,
        CONNECTION_MAX,
        STREAM_IDLE,
        STREAM_FLUSH,
        TRANSPORT_SOCKET_CONNECT
    }

    /**
     * How short a timeout may become.
     *
     * @param least a duration
     * @param share or a share of the timeout, from 0 to 1; the longer of the two counts
     */
    public record Reduction(Timer timer, Duration least, double share) {}

    /** How many connections of clients a monitor admits, if one does. */
    public Optional<Long> mostConnections() {
        return monitors.stream()
                .filter(one -> one.resource() == Resource.CONNECTIONS && one.most() > 0)
                .map(Monitor::most)
                .findFirst();
    }
}
