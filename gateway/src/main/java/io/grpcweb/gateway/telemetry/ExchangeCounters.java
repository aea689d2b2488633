package io.grpcweb.gateway.telemetry;

import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.ExchangeObserver;
import io.grpcweb.gateway.http.Protocol;
import io.grpcweb.gateway.http.ResponseFlag;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.stats.HttpStats;
import io.grpcweb.gateway.stats.ResponseClasses;

/** Envoy's counters of requests: {@code http.<stat_prefix>.downstream_rq_*}. */
final class ExchangeCounters implements ExchangeObserver {
    private final HttpStats http;
    private final ResponseClasses listener;

    ExchangeCounters(HttpStats http, ResponseClasses listener) {
        this.http = http;
        this.listener = listener;
    }

    @Override
    public void started(StreamInfo info) {
        http.downstreamRqTotal.increment();
        (info.protocol == Protocol.HTTP_2 ? http.downstreamRqHttp2Total : http.downstreamRqHttp1Total).increment();
        http.downstreamRqActive.increment();
    }

    @Override
    public void ended(StreamInfo info) {
        http.downstreamRqActive.decrement();
        if (info.responseCode != 0) {
            http.downstreamRq.count(info.responseCode);
            listener.count(info.responseCode);
            if (info.lastRequestByteNanos == 0) {
                http.downstreamRqResponseBeforeRqComplete.increment();
            }
            if (!info.aborted) {
                http.downstreamRqTime.recordNanos(info.endNanos - info.startNanos);
            }
        }
        if (info.hasFlags()) {
            flags(info);
        }
        if (info.details != null) {
            details(info);
        }
    }

    private void flags(StreamInfo info) {
        if (info.has(ResponseFlag.DOWNSTREAM_REMOTE_RESET) || info.has(ResponseFlag.DOWNSTREAM_TERMINATION)) {
            http.downstreamRqRxReset.increment();
        } else if (info.aborted) {
            http.downstreamRqTxReset.increment();
            http.router.rqResetAfterDownstreamResponseStarted.increment();
        }
        if (info.has(ResponseFlag.STREAM_IDLE_TIMEOUT)) {
            http.downstreamRqIdleTimeout.increment();
        }
        if (info.has(ResponseFlag.NO_ROUTE)) {
            http.router.noRoute.increment();
        } else if (info.has(ResponseFlag.NO_CLUSTER)) {
            http.router.noCluster.increment();
        }
    }

    private void details(StreamInfo info) {
        Details details = info.details;
        if (details == Details.REQUEST_TIMEOUT) {
            http.downstreamRqTimeout.increment();
            return;
        }
        if (details == Details.DIRECT_RESPONSE || details == Details.REDIRECT) {
            http.router.rqDirectResponse.increment();
        } else if (details == Details.PATH_REFUSED) {
            http.downstreamRqFailedPathNormalization.increment();
        } else if (details == Details.PATH_NORMALIZED) {
            http.downstreamRqRedirectedWithNormalizedPath.increment();
        } else if (details == Details.DURATION_TIMEOUT) {
            http.downstreamRqMaxDurationReached.increment();
        }
    }
}
