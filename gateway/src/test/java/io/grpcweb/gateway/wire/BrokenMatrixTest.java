package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Expect;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Gate;
import io.grpcweb.gateway.testing.Http2Peer;
import io.grpcweb.gateway.testing.InEveryShape;
import io.grpcweb.gateway.testing.Matrix;
import io.grpcweb.gateway.testing.Script;
import io.grpcweb.gateway.testing.Shape;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Calls that do not come to their end, in every shape: the browser gives up, the deadline passes, the backend goes. */
@Execution(ExecutionMode.CONCURRENT)
class BrokenMatrixTest {
    private static final String BEFORE_HEADERS = "upstream connect error or disconnect/reset before headers. ";
    private static final byte[] HALF = Frames.hex("00 00000004 0a02");

    @InEveryShape
    void aBrowserThatGivesUpCancelsTheCall(Shape shape, Matrix matrix) {
        boolean answering = shape.answers().size() > 1;
        Script script = seen -> {
            seen.awaitBytes(Frames.F3.length);
            if (answering) {
                seen.head().data(Frames.F2);
            }
        };
        try (Matrix.Call call = matrix.begin(shape, script)) {
            BackendCall seen = call.sendFirst().backend();
            seen.awaitBytes(Frames.F3.length);
            if (answering) {
                call.browser().body(shape.encode(Frames.F2).length);
            }
            call.browser().cancel();
            assertThat(seen.awaitReset()).isEqualTo(Http2Peer.CANCEL);
        }
    }

    @InEveryShape
    void aDeadlineBeforeTheHeadIsStatus4(Shape shape, Matrix matrix) {
        try (Matrix.Call call = matrix.begin(shape, BackendCall::awaitReset, "grpc-timeout", "500m")) {
            Answer answer = call.sendFirst().browser().answer();
            Expect.status(shape, answer, 504, 4, late(shape));
            assertThat(call.backend().header("grpc-timeout")).isEqualTo("500m");
            assertThat(call.backend().awaitReset()).isEqualTo(Http2Peer.CANCEL);
        }
    }

    @InEveryShape
    void aDeadlineBetweenTwoMessagesIsStatus4InTheLastFrame(Shape shape, Matrix matrix) {
        Script script = seen -> {
            seen.awaitBytes(Frames.F3.length);
            seen.head().data(Frames.F2).awaitReset();
        };
        try (Matrix.Call call = matrix.begin(shape, script, "grpc-timeout", "500m")) {
            Answer answer = call.sendFirst().browser().answer();
            byte[] status = Frames.trailers("grpc-status:4", "grpc-message:" + late(shape));
            Expect.body(shape, answer, Frames.F2, status);
            assertThat(call.backend().awaitReset()).isEqualTo(Http2Peer.CANCEL);
        }
    }

    @InEveryShape
    void aResetBeforeTheHeadIsStatus14(Shape shape, Matrix matrix) {
        Script script = seen -> {
            seen.awaitBytes(Frames.F3.length);
            seen.reset(2);
        };
        try (Matrix.Call call = matrix.begin(shape, script)) {
            Answer answer = call.sendFirst().browser().answer();
            String message = BEFORE_HEADERS + "reset reason: remote reset";
            String told = Expect.explained(shape, message, "upstream_reset_before_response_started");
            Expect.status(shape, answer, 503, 14, told);
        }
    }

    @InEveryShape
    void aResetAfterAMessageIsTheStatusOfItsCodeInTheLastFrame(Shape shape, Matrix matrix) throws InterruptedException {
        Gate seenByBrowser = new Gate();
        Script script = seen -> {
            seen.awaitBytes(Frames.F3.length);
            seen.head().data(Frames.F2);
            seenByBrowser.pass();
            seen.reset(11);
        };
        try (Matrix.Call call = matrix.begin(shape, script)) {
            call.sendFirst().browser().body(shape.encode(Frames.F2).length);
            seenByBrowser.open();
            byte[] status = Frames.trailers("grpc-status:8", lost(shape));
            Expect.body(shape, call.browser().answer(), Frames.F2, status);
        }
    }

    @InEveryShape
    void aResetInsideAMessageLeavesNoHalfMessageThatLooksWhole(Shape shape, Matrix matrix) {
        Gate seenByBrowser = new Gate();
        Script script = seen -> {
            seen.awaitBytes(Frames.F3.length);
            seen.head().data(Frames.F2).data(HALF);
            seenByBrowser.pass();
            seen.reset(2);
        };
        try (Matrix.Call call = matrix.begin(shape, script)) {
            call.sendFirst();
            expectNothingHalf(shape, call, seenByBrowser, "grpc-status:13", lost(shape));
        }
    }

    private static String late(Shape shape) {
        return Expect.explained(shape, "downstream duration timeout", "max_duration_timeout");
    }

    private static String lost(Shape shape) {
        String message = "grpc-message:upstream reset: remote reset";
        return Expect.explained(shape, message, "upstream_reset_after_response_started");
    }

    /** Lets the backend go on when the first message is there; then nobody must take the second one for whole. */
    static void expectNothingHalf(Shape shape, Matrix.Call call, Gate seenByBrowser, String... status) {
        // In the text form the half message is held back, so that the status can take its place.
        call.browser().body(shape.text() ? Frames.text(Frames.F2).length : Frames.F2.length + HALF.length);
        seenByBrowser.open();
        Answer answer = call.browser().answer();
        if (shape.text()) {
            Expect.body(shape, answer, Frames.F2, Frames.trailers(status));
        } else {
            Expect.head(shape, answer);
            assertThat(answer.body()).isEqualTo(Frames.concat(Frames.F2, HALF));
            assertThat(answer.end()).isEqualTo(shape.http() == 1 ? Answer.End.CUT : new Answer.End.Reset(2));
        }
    }
}
