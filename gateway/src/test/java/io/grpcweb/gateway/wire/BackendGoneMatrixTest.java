package io.grpcweb.gateway.wire;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.Expect;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Gate;
import io.grpcweb.gateway.testing.InEveryShape;
import io.grpcweb.gateway.testing.Matrix;
import io.grpcweb.gateway.testing.Script;
import io.grpcweb.gateway.testing.Shape;

/** Backends whose connection ends, in every shape of a call. */
class BackendGoneMatrixTest {
    private static String gone(Shape shape) {
        String message = "grpc-message:upstream reset: connection termination";
        return Expect.explained(shape, message, "upstream_reset_after_response_started");
    }

    @InEveryShape
    void aBackendThatGoesAwayBeforeTheHeadIsStatus14(Shape shape, Matrix matrix) {
        Script script = seen -> {
            seen.awaitBytes(Frames.F3.length);
            seen.closeConnection();
        };
        try (Matrix.Call call = matrix.begin(shape, script)) {
            Answer answer = call.sendFirst().browser().answer();
            String message =
                    "upstream connect error or disconnect/reset before headers. reset reason: connection termination";
            String told = Expect.explained(shape, message, "upstream_reset_before_response_started");
            Expect.status(shape, answer, 503, 14, told);
        }
    }

    @InEveryShape
    void aBackendThatGoesAwayAfterAMessageIsStatus14InTheLastFrame(Shape shape, Matrix matrix) {
        Gate seenByBrowser = new Gate();
        Script script = seen -> {
            seen.awaitBytes(Frames.F3.length);
            seen.head().data(Frames.F2);
            seenByBrowser.pass();
            seen.closeConnection();
        };
        try (Matrix.Call call = matrix.begin(shape, script)) {
            call.sendFirst().browser().body(shape.encode(Frames.F2).length);
            seenByBrowser.open();
            Expect.body(shape, call.browser().answer(), Frames.F2, Frames.trailers("grpc-status:14", gone(shape)));
        }
    }

    @InEveryShape
    void aBackendThatGoesAwayInsideAMessageLeavesNoHalfMessageThatLooksWhole(Shape shape, Matrix matrix) {
        Gate seenByBrowser = new Gate();
        Script script = seen -> {
            seen.awaitBytes(Frames.F3.length);
            seen.head().data(Frames.F2).data(Frames.hex("00 00000004 0a02"));
            seenByBrowser.pass();
            seen.closeConnection();
        };
        try (Matrix.Call call = matrix.begin(shape, script)) {
            call.sendFirst();
            BrokenMatrixTest.expectNothingHalf(shape, call, seenByBrowser, "grpc-status:14", gone(shape));
        }
    }
}
