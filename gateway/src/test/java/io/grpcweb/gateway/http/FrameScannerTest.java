package io.grpcweb.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class FrameScannerTest {
    private static final byte[] FRAMES =
            HexFormat.of().parseHex("0000000000" + "00000000020801" + "01000000030a0161" + "80000000040a026162");

    @Test
    void onlyTheEndsOfFramesAreBoundaries() {
        FrameScanner scanner = new FrameScanner();
        StringBuilder boundaries = new StringBuilder();
        for (byte octet : FRAMES) {
            scanner.scan(Unpooled.wrappedBuffer(new byte[] {octet}));
            boundaries.append(scanner.atBoundary() ? '|' : '.');
        }
        assertThat(boundaries).hasToString("....|" + "......|" + ".......|" + "........|");
        assertThat(scanner.messages()).isEqualTo(4);
    }

    @Test
    void theOutcomeDoesNotDependOnTheCut() {
        for (int cut = 0; cut <= FRAMES.length; cut++) {
            FrameScanner scanner = new FrameScanner();
            scanner.scan(Unpooled.wrappedBuffer(Arrays.copyOf(FRAMES, cut)));
            scanner.scan(Unpooled.wrappedBuffer(Arrays.copyOfRange(FRAMES, cut, FRAMES.length)));
            assertThat(scanner.atBoundary()).as("cut at %s", cut).isTrue();
            assertThat(scanner.messages()).isEqualTo(4);
            assertThat(scanner.flags()).isEqualTo(0x80);
        }
    }

    @Test
    void whatIsMissingIsKnown() {
        FrameScanner scanner = new FrameScanner();
        scanner.scan(Unpooled.wrappedBuffer(HexFormat.of().parseHex("000000000a010203")));
        assertThat(scanner.remaining()).isEqualTo(7);
        assertThat(scanner.length()).isEqualTo(10);
        assertThat(scanner.atBoundary()).isFalse();
    }

    @Test
    void theLargestLengthIsNotNegative() {
        FrameScanner scanner = new FrameScanner();
        scanner.scan(Unpooled.wrappedBuffer(HexFormat.of().parseHex("00ffffffff00")));
        assertThat(scanner.remaining()).isEqualTo(4_294_967_294L);
    }
}
