package io.grpcweb.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

/** What an answer must look like in a shape. */
public final class Expect {
    private Expect() {}

    /** An answer with messages that ended as it should: the head, and exactly these bytes. */
    public static void body(Shape shape, Answer answer, byte[]... frames) {
        head(shape, answer);
        end(shape, answer, shape.encode(frames));
    }

    /** The head of an answer with a body. */
    public static void head(Shape shape, Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.header("content-type")).isEqualTo(shape.contentType());
        assertThat(answer.header("content-length")).isNull();
        assertThat(answer.header("grpc-status")).isNull();
    }

    private static void end(Shape shape, Answer answer, byte[] body) {
        assertThat(answer.body()).as(answer.toString()).isEqualTo(body);
        assertThat(answer.end()).as(answer.toString()).isEqualTo(Answer.End.CLEAN);
        assertThat(answer.trailers()).isEmpty();
        if (shape.text()) {
            assertThat(answer.body().length % 4).isZero();
        }
    }

    /** A message of the gateway's own: in the own error format with the section of the documentation about it. */
    public static String explained(Shape shape, String message, String section) {
        return shape.isBrowserFormat() ? message + " (docs/errors.md#" + section + ")" : message;
    }

    /** An answer that is a status and nothing else: in the head, or in a frame, as the error format says. */
    public static void status(Shape shape, Answer answer, int http, int status, String message) {
        if (shape.isBrowserFormat()) {
            body(shape, answer, Frames.trailers("grpc-status:" + status, "grpc-message:" + message));
            return;
        }
        assertThat(answer.status()).as(answer.toString()).isEqualTo(http);
        assertThat(answer.header("content-type")).isEqualTo(shape.contentType());
        assertThat(answer.header("grpc-status")).isEqualTo(Integer.toString(status));
        assertThat(answer.header("grpc-message")).isEqualTo(message);
        assertThat(answer.header("content-length")).isEqualTo("0");
        end(shape, answer, new byte[0]);
    }
}
