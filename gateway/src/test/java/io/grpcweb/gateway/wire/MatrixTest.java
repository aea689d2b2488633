package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.BrowserCall;
import io.grpcweb.gateway.testing.Expect;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.InEveryShape;
import io.grpcweb.gateway.testing.Matrix;
import io.grpcweb.gateway.testing.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * What the backend says, in every shape of a call: both error formats, both HTTP versions, both forms, all four kinds.
 */
class MatrixTest {

    @InEveryShape
    void aCallThatGoesWell(Shape shape, Matrix matrix) {
        try (Matrix.Call call = matrix.begin(shape, seen -> answerWell(shape, seen), "x-custom", "a b")) {
            if (shape.isDuplex()) {
                talk(shape, call.browser());
            } else {
                shape.sendAll(call.browser());
            }
            Answer answer = call.browser().answer();
            List<byte[]> frames = new ArrayList<>(shape.answers());
            frames.add(Frames.T0);
            Expect.body(shape, answer, frames.toArray(byte[][]::new));
            assertThat(answer.header("x-initial")).isEqualTo("yes");

            BackendCall seen = call.backend();
            assertThat(seen.awaitEnd()).isEqualTo(Frames.concat(shape.requests().toArray(byte[][]::new)));
            assertThat(seen.header("content-type")).isEqualTo("application/grpc");
            assertThat(seen.header("te")).isEqualTo("trailers");
            assertThat(seen.header("grpc-accept-encoding")).isEqualTo("identity");
            assertThat(seen.header("x-custom")).isEqualTo("a b");
            assertThat(seen.header("content-length")).isNull();
            assertThat(seen.header("transfer-encoding")).isNull();
            assertThat(seen.exchange().resetCode()).isEqualTo(-1);
        }
    }

    private static void answerWell(Shape shape, BackendCall seen) {
        if (shape.isDuplex()) {
            int bytes = shape.requests().get(0).length;
            seen.awaitBytes(bytes);
            seen.head("x-initial", "yes").data(shape.answers().get(0));
            for (int i = 1; i < shape.requests().size(); i++) {
                bytes += shape.requests().get(i).length;
                seen.awaitBytes(bytes);
                seen.data(shape.answers().get(i));
            }
            seen.awaitEnd();
        } else {
            seen.awaitEnd();
            seen.head("x-initial", "yes").data(shape.answers().toArray(byte[][]::new));
        }
        seen.trailers("grpc-status", "0");
    }

    /** Sends each message when the answer to the one before it is there. */
    private static void talk(Shape shape, BrowserCall call) {
        int bytes = 0;
        for (int i = 0; i < shape.requests().size(); i++) {
            call.send(shape.encode(shape.requests().get(i)));
            bytes += shape.encode(shape.answers().get(i)).length;
            assertThat(call.body(bytes)).hasSize(bytes);
        }
        call.end();
    }

    @InEveryShape
    void anErrorInTrailersIsTheLastFrame(Shape shape, Matrix matrix) {
        Answer answer = matrix.whole(shape, seen -> {
            seen.awaitEnd();
            seen.head().trailers("grpc-status", "5", "grpc-message", "no such order", "x-why", "gone");
        });
        Expect.body(shape, answer, Frames.trailers("grpc-status:5", "grpc-message:no such order", "x-why:gone"));
    }

    @InEveryShape
    void anErrorWithoutMessagesStandsWhereTheErrorFormatSays(Shape shape, Matrix matrix) {
        Answer answer = matrix.whole(shape, seen -> {
            seen.awaitEnd();
            seen.trailersOnly("grpc-status", "5", "grpc-message", "no such order");
        });
        Expect.status(shape, answer, 200, 5, "no such order");
    }

    @InEveryShape
    void anErrorAfterAMessageIsTheLastFrame(Shape shape, Matrix matrix) {
        Answer answer = matrix.whole(shape, seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.F2).trailers("grpc-status", "9", "grpc-message", "closed");
        });
        Expect.body(shape, answer, Frames.F2, Frames.trailers("grpc-status:9", "grpc-message:closed"));
    }

    @InEveryShape
    void anAnswerWithoutTrailersIsNoSuccess(Shape shape, Matrix matrix) {
        Answer answer = matrix.whole(shape, seen -> {
            seen.awaitEnd();
            seen.head().lastData(Frames.F2);
        });
        String told = Expect.explained(shape, "grpc-message:missing trailers", "upstream_protocol_error");
        Expect.body(shape, answer, Frames.F2, Frames.trailers("grpc-status:13", told));
    }
}
