package io.grpcweb.gateway.selftest;

import static io.grpcweb.gateway.selftest.Mismatch.require;

import io.grpcweb.gateway.http.PercentEncoding;
import io.grpcweb.gateway.selftest.Messages.Part;
import io.grpcweb.gateway.selftest.Messages.Request;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** The tests of the official list that a browser can take part in, with its figures. */
final class InteropList {
    private static final int LARGE_REQUEST = 271_828;
    private static final int LARGE_RESPONSE = 314_159;
    private static final int[] REQUESTS = {27_182, 8, 1_828, 45_904};
    private static final int[] RESPONSES = {31_415, 9, 2_653, 58_979};
    private static final int AGGREGATED = 74_922;
    private static final long LONG_MICROS = 60_000_000;

    private static final int UNKNOWN = 2;
    private static final int DEADLINE_EXCEEDED = 4;
    private static final int UNIMPLEMENTED = 12;

    private static final String MESSAGE = "test status message";
    private static final String SPECIAL =
            "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \ud83d\ude08\t\n";

    static final List<InteropTest> ALL = List.of(
            new InteropTest("empty_unary", false, InteropList::emptyUnary),
            new InteropTest("large_unary", false, InteropList::largeUnary),
            new InteropTest("client_streaming", true, InteropList::clientStreaming),
            new InteropTest("server_streaming", false, InteropList::serverStreaming),
            new InteropTest("ping_pong", true, InteropList::pingPong),
            new InteropTest("empty_stream", true, InteropList::emptyStream),
            new InteropTest("custom_metadata", false, caller -> customMetadata(caller, false)),
            new InteropTest("custom_metadata, full duplex", true, caller -> customMetadata(caller, true)),
            new InteropTest("status_code_and_message", false, caller -> status(caller, "UnaryCall", MESSAGE)),
            new InteropTest(
                    "status_code_and_message, full duplex", true, caller -> status(caller, "FullDuplexCall", MESSAGE)),
            new InteropTest("special_status_message", false, caller -> status(caller, "UnaryCall", SPECIAL)),
            new InteropTest(
                    "unimplemented_method",
                    false,
                    caller -> unimplemented(caller, InteropService.NAME + "/UnimplementedCall")),
            new InteropTest(
                    "unimplemented_service",
                    false,
                    caller -> unimplemented(caller, "grpc.testing.UnimplementedService/UnimplementedCall")),
            new InteropTest("cancel_after_begin", true, InteropList::cancelAfterBegin),
            new InteropTest("cancel_after_first_response", false, InteropList::cancelAfterFirstResponse),
            new InteropTest("timeout_on_sleeping_server", false, InteropList::timeout));

    private InteropList() {}

    private static void emptyUnary(Caller caller) throws Exception {
        try (WebCall call = caller.test("EmptyCall")) {
            call.send(Messages.EMPTY);
            call.end();
            require(0, one(call).length, "the size of the response");
            ok(call);
        }
    }

    private static void largeUnary(Caller caller) throws Exception {
        try (WebCall call = caller.test("UnaryCall")) {
            call.send(Request.of(LARGE_REQUEST, new Part(LARGE_RESPONSE, 0)).unary());
            call.end();
            require(LARGE_RESPONSE, Messages.payloadOf(one(call)), "the size of the payload");
            ok(call);
        }
    }

    private static void clientStreaming(Caller caller) throws Exception {
        try (WebCall call = caller.test("StreamingInputCall")) {
            for (int size : REQUESTS) {
                call.send(Messages.withPayload(size));
            }
            call.end();
            require(AGGREGATED, Messages.aggregatedOf(one(call)), "the size of all payloads");
            ok(call);
        }
    }

    private static void serverStreaming(Caller caller) throws Exception {
        try (WebCall call = caller.test("StreamingOutputCall")) {
            List<Part> parts = new ArrayList<>();
            for (int size : RESPONSES) {
                parts.add(new Part(size, 0));
            }
            call.send(new Request(parts, 0, 0, "").streaming());
            call.end();
            for (int size : RESPONSES) {
                require(size, Messages.payloadOf(one(call)), "the size of a payload");
            }
            ok(call);
        }
    }

    private static void pingPong(Caller caller) throws Exception {
        try (WebCall call = caller.test("FullDuplexCall")) {
            for (int i = 0; i < REQUESTS.length; i++) {
                call.send(Request.of(REQUESTS[i], new Part(RESPONSES[i], 0)).streaming());
                require(RESPONSES[i], Messages.payloadOf(one(call)), "the size of a payload");
            }
            call.end();
            ok(call);
        }
    }

    private static void emptyStream(Caller caller) throws Exception {
        try (WebCall call = caller.test("FullDuplexCall")) {
            call.end();
            ok(call);
        }
    }

    private static void customMetadata(Caller caller, boolean duplex) throws Exception {
        String initial = "test_initial_metadata_value";
        String trailing =
                Base64.getEncoder().withoutPadding().encodeToString(new byte[] {(byte) 0xab, (byte) 0xab, (byte) 0xab});
        String method = InteropService.NAME + "/" + (duplex ? "FullDuplexCall" : "UnaryCall");
        Map<String, String> fields = Map.of(InteropCall.ECHO_INITIAL, initial, InteropCall.ECHO_TRAILING, trailing);
        try (WebCall call = caller.call(method, fields)) {
            Request request = Request.of(LARGE_REQUEST, new Part(LARGE_RESPONSE, 0));
            call.send(duplex ? request.streaming() : request.unary());
            call.end();
            require(LARGE_RESPONSE, Messages.payloadOf(one(call)), "the size of the payload");
            require(initial, call.head().get(InteropCall.ECHO_INITIAL), InteropCall.ECHO_INITIAL);
            ok(call);
            require(trailing, call.trailers().get(InteropCall.ECHO_TRAILING), InteropCall.ECHO_TRAILING);
        }
    }

    private static void status(Caller caller, String method, String message) throws Exception {
        try (WebCall call = caller.test(method)) {
            Request request = Request.failing(UNKNOWN, message);
            call.send(method.equals("UnaryCall") ? request.unary() : request.streaming());
            call.end();
            ends(call, UNKNOWN);
            require(message, PercentEncoding.decode(call.trailers().getOrDefault("grpc-message", "")), "grpc-message");
        }
    }

    private static void unimplemented(Caller caller, String method) throws Exception {
        try (WebCall call = caller.call(method, Map.of())) {
            call.send(Messages.EMPTY);
            call.end();
            ends(call, UNIMPLEMENTED);
        }
    }

    /** Nothing may be left of it at the gateway: the call that follows on the same way works. */
    private static void cancelAfterBegin(Caller caller) throws Exception {
        caller.test("StreamingInputCall").close();
        emptyUnary(caller);
    }

    private static void cancelAfterFirstResponse(Caller caller) throws Exception {
        try (WebCall call = caller.test("StreamingOutputCall")) {
            call.send(Request.of(REQUESTS[0], new Part(RESPONSES[0], 0), new Part(RESPONSES[1], LONG_MICROS))
                    .streaming());
            call.end();
            require(RESPONSES[0], Messages.payloadOf(one(call)), "the size of the payload");
        }
        emptyUnary(caller);
    }

    private static void timeout(Caller caller) throws Exception {
        String method = InteropService.NAME + "/StreamingOutputCall";
        try (WebCall call = caller.call(method, Map.of("grpc-timeout", "50m"))) {
            call.send(
                    Request.of(REQUESTS[0], new Part(RESPONSES[0], LONG_MICROS)).streaming());
            call.end();
            ends(call, DEADLINE_EXCEEDED);
        }
    }

    /** The next message, which there must be. */
    private static byte[] one(WebCall call) throws Exception {
        byte[] message = call.next();
        if (message == null) {
            throw new Mismatch("there is no message, but " + call.trailers());
        }
        return message;
    }

    private static void ok(WebCall call) throws Exception {
        ends(call, 0);
    }

    /** Nothing follows but this status. */
    private static void ends(WebCall call, int status) throws Exception {
        byte[] message = call.next();
        if (message != null) {
            throw new Mismatch("there is one more message, of " + message.length + " bytes");
        }
        require(String.valueOf(status), call.trailers().get("grpc-status"), "grpc-status, of " + call.trailers() + ",");
    }
}
