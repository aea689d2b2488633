package io.grpcweb.gateway.upstream.host;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The 64-bit hash that Envoy's consistent hashing is built on (xxHash specification, "XXH64 algorithm"). */
public final class XxHash64 {
    private static final long PRIME1 = 0x9E3779B185EBCA87L;
    private static final long PRIME2 = 0xC2B2AE3D27D4EB4FL;
    private static final long PRIME3 = 0x165667B19E3779F9L;
    private static final long PRIME4 = 0x85EBCA77C2B2AE63L;
    private static final long PRIME5 = 0x27D4EB2F165667C5L;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private XxHash64() {}

    public static long hash(CharSequence text, long seed) {
        return hash(text.toString().getBytes(StandardCharsets.UTF_8), seed);
    }

    public static long hash(byte[] input, long seed) {
        int at = 0;
        long sum;
        if (input.length >= 32) {
            long lane1 = seed + PRIME1 + PRIME2;
            long lane2 = seed + PRIME2;
            long lane3 = seed;
            long lane4 = seed - PRIME1;
            for (; at <= input.length - 32; at += 32) {
                lane1 = round(lane1, (long) LONGS.get(input, at));
                lane2 = round(lane2, (long) LONGS.get(input, at + 8));
                lane3 = round(lane3, (long) LONGS.get(input, at + 16));
                lane4 = round(lane4, (long) LONGS.get(input, at + 24));
            }
            sum = Long.rotateLeft(lane1, 1)
                    + Long.rotateLeft(lane2, 7)
                    + Long.rotateLeft(lane3, 12)
                    + Long.rotateLeft(lane4, 18);
            sum = merge(merge(merge(merge(sum, lane1), lane2), lane3), lane4);
        } else {
            sum = seed + PRIME5;
        }
        return avalanche(tail(input, at, sum + input.length));
    }

    private static long round(long lane, long word) {
        return Long.rotateLeft(lane + word * PRIME2, 31) * PRIME1;
    }

    private static long merge(long sum, long lane) {
        return (sum ^ round(0, lane)) * PRIME1 + PRIME4;
    }

    private static long tail(byte[] input, int from, long start) {
        long sum = start;
        int at = from;
        for (; at <= input.length - 8; at += 8) {
            sum = Long.rotateLeft(sum ^ round(0, (long) LONGS.get(input, at)), 27) * PRIME1 + PRIME4;
        }
        if (at <= input.length - 4) {
            long word = Integer.toUnsignedLong((int) INTS.get(input, at));
            sum = Long.rotateLeft(sum ^ word * PRIME1, 23) * PRIME2 + PRIME3;
            at += 4;
        }
        for (; at < input.length; at++) {
            sum = Long.rotateLeft(sum ^ (input[at] & 0xff) * PRIME5, 11) * PRIME1;
        }
        return sum;
    }

    private static long avalanche(long sum) {
        long mixed = (sum ^ sum >>> 33) * PRIME2;
        mixed = (mixed ^ mixed >>> 29) * PRIME3;
        return mixed ^ mixed >>> 32;
    }
}
