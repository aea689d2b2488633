package io.grpcweb.gateway.runtime;

import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.OverloadConfig;
import io.netty.util.internal.PlatformDependent;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says at the start which limits hold, those that nobody wrote as well. */
final class LimitsInForce {
    private static final Logger LOG = LoggerFactory.getLogger(LimitsInForce.class);

    private LimitsInForce() {}

    /**
     * One line for the process and one for each filter chain.
     *
     * @param mostConnections of clients, of all listeners
     */
    static void say(GatewayConfig config, long mostConnections) {
        LOG.info("limits: {}", process(config.overload(), mostConnections));
        for (ListenerConfig listener : config.listeners()) {
            for (ListenerConfig.FilterChain chain : listener.httpChains()) {
                String name = chain.name().isEmpty() ? "" : " (" + chain.name() + ")";
                LOG.info("limits of listener {}{}: {}", listener.name(), name, chain(listener, chain.http()));
            }
        }
    }

    private static String process(OverloadConfig overload, long mostConnections) {
        String actions = overload.actions().stream()
                .map(action -> action.kind().name().toLowerCase(Locale.ROOT)
                        + action.triggers().stream()
                                .map(one -> " " + one.monitor() + " " + percent(one.from())
                                        + (one.from() == one.full() ? "" : "-" + percent(one.full())))
                                .collect(Collectors.joining()))
                .collect(Collectors.joining(", "));
        return mostConnections + " connections of clients; heap "
                + (Runtime.getRuntime().maxMemory() >> 20) + " MiB, direct buffers "
                + (PlatformDependent.maxDirectMemory() >> 20) + " MiB"
                + (actions.isEmpty() ? "" : "; " + actions);
    }

    private static String chain(ListenerConfig listener, HttpConfig http) {
        HttpConfig.Timeouts timeouts = http.timeouts();
        ListenerConfig.Admission admission = listener.admission();
        return "connections " + number(listener.connectionLimit()) + ", of one public address "
                + (admission.perAddress() == 0 ? "any" : admission.perAddress()) + " and "
                + (admission.newPerAddress() == 0 ? "any" : admission.newPerAddress()) + " new a second; header "
                + http.limits().headerBytes() + " bytes, " + http.limits().headerCount() + " fields, within "
                + time(timeouts.requestHeaders()) + "; message "
                + number(http.limits().messageBytes())
                + "; streams " + http.http2().maxConcurrentStreams() + "; request " + time(timeouts.request())
                + ", stream idle " + time(timeouts.streamIdle()) + ", flush " + time(timeouts.streamFlush())
                + ", connection idle " + time(timeouts.connectionIdle()) + "; buffer " + listener.bufferBytes()
                + " bytes";
    }

    private static String number(OptionalInt limit) {
        return limit.isPresent() ? Integer.toString(limit.getAsInt()) : "any";
    }

    private static String time(Duration limit) {
        return limit.isZero()
                ? "any"
                : limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
    }

    private static String percent(double share) {
        return Math.round(share * 100) + "%";
    }
}
