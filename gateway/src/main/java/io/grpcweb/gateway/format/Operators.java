package io.grpcweb.gateway.format;

import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.ResponseFlag;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.http.WireBytes;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** Envoy's operators by name. Those about things that do not exist here are known and have no value. */
final class Operators {
    private static final Map<String, Operator> PLAIN = new HashMap<>();
    private static final Map<String, Function<String, Operator>> WITH_ARGUMENT = new HashMap<>();

    static {
        facts();
        PLAIN.putAll(ConnectionOperators.all());
        PLAIN.putAll(CertificateOperators.all());
        PLAIN.putAll(TimingOperators.all());
        HeaderOperators.all().forEach(WITH_ARGUMENT::put);
        CertificateOperators.times().forEach(WITH_ARGUMENT::put);
        wireBytes();
        withArguments();
        unknowable();
    }

    private Operators() {}

    /**
     * The operator of a name.
     *
     * @param argument what stands in parentheses; null where there are none
     * @param limit the length, or -1
     */
    static Operator of(String name, String argument, int limit) {
        Function<String, Operator> factory = WITH_ARGUMENT.get(name);
        if (factory != null) {
            return factory.apply(argument);
        }
        Operator plain = PLAIN.get(name);
        if (plain == null) {
            throw new BadFormat("Not supported field in StreamInfo: " + name);
        }
        if (argument != null || limit >= 0) {
            throw new BadFormat(name + " does not take any parameters or length");
        }
        return plain;
    }

    private static void facts() {
        word("PROTOCOL", info -> Operator.text(info.protocol));
        count("RESPONSE_CODE", info -> info.responseCode);
        word("RESPONSE_FLAGS", info -> FlagNames.text(info));
        word("RESPONSE_FLAGS_LONG", info -> FlagNames.text(info, ResponseFlag::longName));
        count("GRPC_STATUS_NUMBER", info -> status(info) < 0 ? Operator.Count.NONE : status(info));
        count("BYTES_RECEIVED", info -> info.bytesReceived);
        count("BYTES_SENT", info -> info.bytesSent);
        // Only there while the response is put into its form, as in Envoy.
        text("LOCAL_REPLY_BODY", info -> info.localReplyBody == null ? "" : info.localReplyBody);
        count("REQUEST_HEADERS_BYTES", info -> HeaderOperators.bytes(info.requestHeaders));
        count("RESPONSE_HEADERS_BYTES", info -> HeaderOperators.bytes(info.responseHeaders));
        count(
                "RESPONSE_TRAILERS_BYTES",
                info -> info.format.isTranslated() ? 0 : HeaderOperators.bytes(info.responseTrailers));
        text("UNIQUE_ID", info -> UUID.randomUUID().toString());
        word("ROUTE_NAME", info -> info.routeName.isEmpty() ? null : info.routeName);
        word("ACCESS_LOG_TYPE", info -> "DownstreamEnd");
        octets("STREAM_ID", info -> HeaderOperators.first(info.requestHeaders, "x-request-id"));
        text("TRACE_ID", info -> info.trace == null ? null : info.trace.traceId());
        text("SPAN_ID", info -> info.trace == null ? null : info.trace.spanId());
        word("HOSTNAME", info -> Host.NAME);
    }

    private static void wireBytes() {
        count("UPSTREAM_WIRE_BYTES_SENT", info -> wire(info, bytes -> bytes.sent));
        count("UPSTREAM_WIRE_BYTES_RECEIVED", info -> wire(info, bytes -> bytes.received));
        count("UPSTREAM_HEADER_BYTES_SENT", info -> wire(info, bytes -> bytes.headersSent));
        count("UPSTREAM_HEADER_BYTES_RECEIVED", info -> wire(info, bytes -> bytes.headersReceived));
    }

    private static long wire(StreamInfo info, ToLongFunction<WireBytes> part) {
        return info.upstreamBytes == null ? Operator.Count.NONE : part.applyAsLong(info.upstreamBytes);
    }

    private static void withArguments() {
        WITH_ARGUMENT.put("RESPONSE_CODE_DETAILS", argument -> (Operator.Remark) info -> Operator.text(info.details));
        WITH_ARGUMENT.put("GRPC_STATUS", Operators::grpcStatus);
        WITH_ARGUMENT.put("ENVIRONMENT", name -> {
            if (name == null || name.isEmpty()) {
                throw new BadFormat("ENVIRONMENT requires parameters");
            }
            String value = Objects.requireNonNullElse(System.getenv(name), "-");
            return (Operator.Word) info -> value;
        });
        WITH_ARGUMENT.put("DYNAMIC_METADATA", path -> {
            if (path == null || path.isEmpty()) {
                throw new BadFormat("DYNAMIC_METADATA requires parameters");
            }
            return new MetadataOperator(path);
        });
        WITH_ARGUMENT.put("METADATA", MetadataOperator::of);
        WITH_ARGUMENT.put("FILTER_STATE", FilterStateOperator::of);
        WITH_ARGUMENT.put("START_TIME", pattern -> time(pattern, false, false));
        WITH_ARGUMENT.put("START_TIME_LOCAL", pattern -> time(pattern, true, false));
        WITH_ARGUMENT.put("EMIT_TIME", pattern -> time(pattern, false, true));
        WITH_ARGUMENT.put("EMIT_TIME_LOCAL", pattern -> time(pattern, true, true));
        WITH_ARGUMENT.put("COMMON_DURATION", TimingOperators::between);
    }

    private static Operator time(String pattern, boolean local, boolean emit) {
        TimeFormat format = TimeFormat.of(pattern, local);
        return emit
                ? (Operator.Text) info -> format.text(System.currentTimeMillis())
                : (Operator.Word) info -> format.text(info.startMillis);
    }

    /** Names of Envoy's for what this gateway does not have or does not know. */
    private static void unknowable() {
        for (String name : ("BYTES_RETRANSMITTED PACKETS_RETRANSMITTED CUSTOM_FLAGS CONNECTION_TERMINATION_DETAILS "
                        + "UPSTREAM_DECOMPRESSED_HEADER_BYTES_SENT "
                        + "UPSTREAM_DECOMPRESSED_HEADER_BYTES_RECEIVED DOWNSTREAM_WIRE_BYTES_SENT "
                        + "DOWNSTREAM_WIRE_BYTES_RECEIVED DOWNSTREAM_HEADER_BYTES_SENT "
                        + "DOWNSTREAM_HEADER_BYTES_RECEIVED DOWNSTREAM_DECOMPRESSED_HEADER_BYTES_SENT "
                        + "DOWNSTREAM_DECOMPRESSED_HEADER_BYTES_RECEIVED VIRTUAL_CLUSTER_NAME "
                        + "TLS_JA3_FINGERPRINT UPSTREAM_DETECTED_CLOSE_TYPE UPSTREAM_LOCAL_CLOSE_REASON "
                        + "UPSTREAM_FILTER_CHAIN_NAME DOWNSTREAM_TRANSPORT_FAILURE_REASON "
                        + "DOWNSTREAM_LOCAL_CLOSE_REASON DOWNSTREAM_DETECTED_CLOSE_TYPE")
                .split(" ", -1)) {
            PLAIN.putIfAbsent(name, (Operator.Text) info -> null);
        }
        for (String name : "CLUSTER_METADATA UPSTREAM_METADATA UPSTREAM_FILTER_STATE".split(" ", -1)) {
            WITH_ARGUMENT.put(name, argument -> {
                if (argument == null || argument.isEmpty()) {
                    throw new BadFormat(name + " requires parameters");
                }
                return (Operator.Text) info -> null;
            });
        }
    }

    private static Operator grpcStatus(String form) {
        String wanted = form == null || form.isEmpty() ? "CAMEL_STRING" : form;
        return switch (wanted) {
            case "CAMEL_STRING" -> (Operator.Word) info -> StatusNames.camel(status(info));
            case "SNAKE_STRING" -> (Operator.Word) info -> StatusNames.snake(status(info));
            case "NUMBER" -> PLAIN.get("GRPC_STATUS_NUMBER");
            default ->
                throw new BadFormat(
                        "GrpcStatusFormatter only supports CAMEL_STRING, SNAKE_STRING or NUMBER. Got: " + form);
        };
    }

    /** A call that ended without a status has status 2, as Envoy logs it; what is no gRPC call has none. */
    private static int status(StreamInfo info) {
        return info.grpcStatus >= 0 || info.format == CallFormat.HTTP ? info.grpcStatus : GrpcStatus.UNKNOWN.code();
    }

    private static void text(String name, Operator.Text operator) {
        PLAIN.put(name, operator);
    }

    private static void word(String name, Operator.Word operator) {
        PLAIN.put(name, operator);
    }

    private static void octets(String name, Operator.Octets operator) {
        PLAIN.put(name, operator);
    }

    private static void count(String name, Operator.Count operator) {
        PLAIN.put(name, operator);
    }
}
