package io.grpcweb.gateway.filter.fault;

import io.grpcweb.gateway.http.GrpcStatus;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/** The fields by which a request asks for faults, where the configuration lets it. They go on to the backend. */
final class FaultFields {
    private static final AsciiString DELAY = AsciiString.cached("x-envoy-fault-delay-request");
    private static final AsciiString DELAY_SHARE = AsciiString.cached("x-envoy-fault-delay-request-percentage");
    private static final AsciiString ABORT = AsciiString.cached("x-envoy-fault-abort-request");
    private static final AsciiString ABORT_GRPC = AsciiString.cached("x-envoy-fault-abort-grpc-request");
    private static final AsciiString ABORT_SHARE = AsciiString.cached("x-envoy-fault-abort-request-percentage");
    private static final AsciiString RATE = AsciiString.cached("x-envoy-fault-throughput-response");
    private static final AsciiString RATE_SHARE = AsciiString.cached("x-envoy-fault-throughput-response-percentage");

    private FaultFields() {}

    /** Milliseconds; -1 where it is not said. */
    static int delayMillis(Http2Headers head) {
        return number(head, DELAY);
    }

    static double delayShare(Http2Headers head, FaultConfig.Share most) {
        return share(head, DELAY_SHARE, most);
    }

    /** 200 to 599; -1 where it is not said. */
    static int abortStatus(Http2Headers head) {
        int status = number(head, ABORT);
        return status >= 200 && status < 600 ? status : -1;
    }

    /** Any number; -1 where it is not said. */
    static int abortGrpcStatus(Http2Headers head) {
        return number(head, ABORT_GRPC);
    }

    static double abortShare(Http2Headers head, FaultConfig.Share most) {
        return share(head, ABORT_SHARE, most);
    }

    /** KiB in a second; 0 or less where it is not said. */
    static int kibPerSecond(Http2Headers head) {
        return number(head, RATE);
    }

    static double rateShare(Http2Headers head, FaultConfig.Share most) {
        return share(head, RATE_SHARE, most);
    }

    /** A request may ask for fewer faults than the configuration allows, never for more. */
    private static double share(Http2Headers head, AsciiString name, FaultConfig.Share most) {
        int asked = number(head, name);
        return asked < 0 ? most.share() : Math.min(most.share(), (double) asked / most.whole());
    }

    private static int number(Http2Headers head, AsciiString name) {
        CharSequence value = head.get(name);
        return value == null ? -1 : GrpcStatus.parse(value);
    }
}
