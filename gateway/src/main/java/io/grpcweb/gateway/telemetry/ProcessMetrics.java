package io.grpcweb.gateway.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;

/** What the machine below shows: the JVM, the processor, and the memory outside of the Java heap. */
final class ProcessMetrics implements AutoCloseable {
    private final JvmGcMetrics collections = new JvmGcMetrics();

    void bindTo(MeterRegistry registry) {
        new JvmMemoryMetrics().bindTo(registry);
        collections.bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
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

    @Override
    public void close() {
        collections.close();
    }
}
