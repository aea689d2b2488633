package io.grpcweb.gateway.telemetry;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/** What the machine below shows: the JVM, the processor, and the memory outside of the Java heap. */
final class ProcessMetrics {
    private ProcessMetrics() {}

    /** Names with an abbreviated unit, or that end like the count of a histogram; they come under proper ones. */
    static MeterFilter withoutBadNames() {
        return MeterFilter.deny(
                id -> id.getName().equals("process.cpu.time") || id.getName().equals("system.cpu.count"));
    }

    static void bindTo(MeterRegistry registry) {
        new JvmMemoryMetrics().bindTo(registry);
        collections(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        processor(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        Gauge.builder("gateway.direct.memory", PlatformDependent::usedDirectMemory)
                .description("Memory of network buffers, reserved outside of the Java heap.")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder(
                        "gateway.pooled.memory",
                        () -> PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory())
                .description("Memory that the pool of network buffers holds, used or not.")
                .baseUnit("bytes")
                .register(registry);
    }

    private static void processor(MeterRegistry registry) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            FunctionCounter.builder("process.cpu", system, bean -> bean.getProcessCpuTime() / 1e9)
                    .description("Processor time of the process.")
                    .baseUnit("seconds")
                    .register(registry);
        }
        Gauge.builder("system.processors", Runtime.getRuntime(), Runtime::availableProcessors)
                .description("Processors that the process may use.")
                .register(registry);
    }

    /** Read when they are asked for: Micrometer's own meters have the JVM tell of each collection, which costs more than it. */
    private static void collections(MeterRegistry registry) {
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            FunctionTimer.builder(
                            "jvm.gc.pause",
                            collector,
                            GarbageCollectorMXBean::getCollectionCount,
                            GarbageCollectorMXBean::getCollectionTime,
                            TimeUnit.MILLISECONDS)
                    .description("Collections of the Java heap, and the time they took.")
                    .tag("gc", collector.getName())
                    .register(registry);
        }
    }
}
