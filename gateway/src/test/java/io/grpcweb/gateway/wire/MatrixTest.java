package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the backend says, in every shape of a call: both error formats, both HTTP versions, both forms, all four kinds.
 */
class MatrixTest {
    private static Matrix matrix;

    @BeforeAll
    static void start() {
        matrix = new Matrix();
    }

    @AfterAll
    static void stop() {
        matrix.close();
    }

    static List<Shape> shapes() {
        return Shape.all();
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void aCallThatGoesWell(Shape shape) {
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

    @ParameterizedTest
    @MethodSource("shapes")
    void anErrorInTrailersIsTheLastFrame(Shape shape) {
        Answer answer = matrix.whole(shape, seen -> {
            seen.awaitEnd();
            seen.head().trailers("grpc-status", "5", "grpc-message", "no such order", "x-why", "gone");
        });
        Expect.body(shape, answer, Frames.trailers("grpc-status:5", "grpc-message:no such order", "x-why:gone"));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void anErrorWithoutMessagesStandsWhereTheErrorFormatSays(Shape shape) {
        Answer answer = matrix.whole(shape, seen -> {
            seen.awaitEnd();
            seen.trailersOnly("grpc-status", "5", "grpc-message", "no such order");
        });
        Expect.status(shape, answer, 200, 5, "no such order");
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void anErrorAfterAMessageIsTheLastFrame(Shape shape) {
        Answer answer = matrix.whole(shape, seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.F2).trailers("grpc-status", "9", "grpc-message", "closed");
        });
        Expect.body(shape, answer, Frames.F2, Frames.trailers("grpc-status:9", "grpc-message:closed"));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void anAnswerWithoutTrailersIsNoSuccess(Shape shape) {
        Answer answer = matrix.whole(shape, seen -> {
            seen.awaitEnd();
            seen.head().lastData(Frames.F2);
        });
        Expect.body(shape, answer, Frames.F2, Frames.trailers("grpc-status:13", "grpc-message:missing trailers"));
    }
}
