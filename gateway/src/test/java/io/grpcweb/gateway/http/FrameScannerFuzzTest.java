package io.grpcweb.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/** Frames of gRPC: any bytes, cut anywhere, are the same frames, and the scanner holds none of them. */
class FrameScannerFuzzTest {

    @FuzzTest(maxDuration = "15m")
    void anyCutOfTheSameBytesGivesTheSameFrames(byte[] bytes) {
        if (bytes.length < 2) {
            return;
        }
        // The first two bytes say where it is cut.
        int first = 2 + (bytes[0] & 0xff) % (bytes.length - 1);
        int step = 1 + (bytes[1] & 0xff);
        FrameScanner whole = new FrameScanner();
        List<String> expected = scan(whole, bytes, 2, bytes.length);
        FrameScanner cut = new FrameScanner();
        List<String> found = new ArrayList<>();
        int at = 2;
        int next = Math.min(first, bytes.length);
        while (at < bytes.length) {
            found.addAll(scan(cut, bytes, at, next));
            at = next;
            next = Math.min(bytes.length, at + step);
        }
        assertThat(found).isEqualTo(expected);
        assertThat(cut.atBoundary()).isEqualTo(whole.atBoundary());
        assertThat(cut.messages()).isEqualTo(whole.messages()).isLessThanOrEqualTo(bytes.length / 5);
        assertThat(cut.remaining()).isEqualTo(whole.remaining()).isBetween(0L, 0xffffffffL);
        assertThat(cut.longest()).isEqualTo(whole.longest());
    }

    /** The flags and lengths of the frames that begin in these bytes. */
    private static List<String> scan(FrameScanner scanner, byte[] bytes, int from, int to) {
        List<String> frames = new ArrayList<>();
        ByteBuf data = Unpooled.wrappedBuffer(bytes);
        long before = scanner.messages();
        int at = from;
        while (at < to) {
            int next = scanner.step(data, at, to);
            assertThat(next).isGreaterThan(at).isLessThanOrEqualTo(to);
            if (scanner.messages() != before) {
                before = scanner.messages();
                frames.add(scanner.flags() + ":" + scanner.length());
            }
            at = next;
        }
        return frames;
    }
}
