package io.grpcweb.gateway.telemetry;

import io.grpcweb.gateway.http.AttemptObserver;
import io.grpcweb.gateway.http.ExchangeObserver;
import io.grpcweb.gateway.http.StreamInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Several observers, told in their order. */
final class ObserverList implements ExchangeObserver {
    private final ExchangeObserver[] all;

    private ObserverList(ExchangeObserver[] all) {
        this.all = all;
    }

    /** Without those that tell nobody. */
    static ExchangeObserver of(ExchangeObserver... observers) {
        List<ExchangeObserver> some = new ArrayList<>(List.of(observers));
        some.removeIf(one -> one == ExchangeObserver.NONE);
        return new ObserverList(some.toArray(ExchangeObserver[]::new));
    }

    @Override
    public void started(StreamInfo info) {
        for (ExchangeObserver one : all) {
            one.started(info);
        }
    }

    @Override
    public void ended(StreamInfo info) {
        for (ExchangeObserver one : all) {
            one.ended(info);
        }
    }

    @Override
    public void release() {
        for (ExchangeObserver one : all) {
            one.release();
        }
    }

    @Override
    public AttemptObserver attempts() {
        AttemptObserver first = null;
        List<AttemptObserver> several = null;
        for (ExchangeObserver one : all) {
            AttemptObserver attempts = one.attempts();
            if (attempts != null && first == null) {
                first = attempts;
            } else if (attempts != null) {
                several = several == null ? new ArrayList<>(List.of(first)) : several;
                several.add(attempts);
            }
        }
        return several == null ? first : together(several);
    }

    private static AttemptObserver together(List<AttemptObserver> observers) {
        return (info, head) -> {
            List<AttemptObserver.Ending> endings = observers.stream()
                    .map(one -> one.began(info, head))
                    .filter(Objects::nonNull)
                    .toList();
            return endings.isEmpty()
                    ? null
                    : (status, grpcStatus, message, failure, gaveUp) ->
                            endings.forEach(one -> one.ended(status, grpcStatus, message, failure, gaveUp));
        };
    }
}
