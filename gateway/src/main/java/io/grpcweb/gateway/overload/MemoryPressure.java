package io.grpcweb.gateway.overload;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;

/**
 * Memory in use: of the heap what the last collection has left, since what it would take tells nothing; of direct buffers
 * those that are in somebody's hands. Each against the most that it may have, since either may run out alone.
 */
final class MemoryPressure implements Pressure {
    private final long most;

    /** @param most bytes of both together, where that is less than what they may have; 0 for none */
    MemoryPressure(long most) {
        this.most = most;
    }

    @Override
    public double read() {
        long heap = liveHeap();
        long direct = PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
        return of(heap, Runtime.getRuntime().maxMemory(), direct, PlatformDependent.maxDirectMemory(), most);
    }

    static double of(long heap, long mostHeap, long direct, long mostDirect, long most) {
        double each = Math.max((double) heap / mostHeap, (double) direct / mostDirect);
        return most == 0 ? each : Math.max(each, (double) (heap + direct) / most);
    }

    /** What was left of the heap by the last collection of each of its parts. */
    private static long liveHeap() {
        long bytes = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage left = pool.getType() == MemoryType.HEAP ? pool.getCollectionUsage() : null;
            bytes += left == null ? 0 : left.getUsed();
        }
        return bytes;
    }
}
