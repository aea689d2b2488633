package io.grpcweb.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.config.HttpConfig;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class FrameBudgetTest {
    private long headersSent;
    private long dataSent;
    private final FrameBudget budget =
            new FrameBudget(new HttpConfig.InboundFrames(3, 10, 2), () -> headersSent, () -> dataSent, () -> 1);

    private static void times(int count, ThrowingCallable frame) throws Exception {
        for (int i = 0; i < count; i++) {
            assertThatCode(frame).as("frame %d", i).doesNotThrowAnyException();
        }
    }

    private static void isTooMany(ThrowingCallable frame) {
        assertThatThrownBy(frame).isInstanceOfSatisfying(Http2Exception.class, e -> assertThat(e.error())
                .isEqualTo(Http2Error.ENHANCE_YOUR_CALM));
    }

    @Test
    void prioritiesAreMeasuredAgainstStreams() throws Exception {
        times(3, budget::priority);
        budget.headers();
        times(3, budget::priority);
        isTooMany(budget::priority);
    }

    /** 5 + 2 * (streams + 10 * DATA frames), as Envoy has it. */
    @Test
    void windowUpdatesAreMeasuredAgainstStreamsAndWhatWasSent() throws Exception {
        times(5, budget::windowUpdate);
        budget.headers();
        times(2, budget::windowUpdate);
        dataSent = 1;
        times(20, budget::windowUpdate);
        isTooMany(budget::windowUpdate);
    }

    /** Who measures the path asks with each message that comes (gRPC's BDP probes). */
    @Test
    void aPingForEachFrameEitherWayIsNoFlood() throws Exception {
        for (int i = 0; i < 2 * FrameBudget.CONTROL; i++) {
            dataSent++;
            times(1, budget::control);
            budget.data(100, false);
            times(1, budget::control);
        }
    }

    @Test
    void pingsThatNothingGoesWithAreAFlood() throws Exception {
        times(FrameBudget.CONTROL, budget::control);
        headersSent++;
        times(1, budget::control);
        // Time gives a few back while this runs.
        isTooMany(() -> {
            for (int i = 0; i < FrameBudget.CONTROL; i++) {
                budget.control();
            }
        });
    }

    @Test
    void shortPartsOfABodyAreCountedAndItsLastPartIsNot() throws Exception {
        for (int i = 0; i < 2 * FrameBudget.CRUMBS; i++) {
            budget.data(5, false);
            budget.data(0, true);
        }
        isTooMany(() -> {
            for (int i = 0; i < 20 * FrameBudget.CRUMBS; i++) {
                budget.data(4, false);
            }
        });
    }

    @Test
    void acknowledgementsOfNothingAreOverlookedThreeTimes() throws Exception {
        times(1 + 3, budget::settingsAck);
        assertThatThrownBy(budget::settingsAck).isInstanceOfSatisfying(Http2Exception.class, e -> assertThat(e.error())
                .isEqualTo(Http2Error.PROTOCOL_ERROR));
    }
}
