package io.grpcweb.gateway.overload;

import io.grpcweb.gateway.config.OverloadConfig;
import java.io.IOException;
import java.nio.file.Path;

/** Reads how much of something is used, 0 to 1 and above. On the thread of {@link Overload}. */
interface Pressure {
    /**
     * As it is now.
     *
     * @throws IOException says what cannot be read
     */
    double read() throws IOException;

    /** What a monitor looks at. */
    static Pressure of(OverloadConfig.Monitor monitor, Load load) {
        return switch (monitor.resource()) {
            case MEMORY -> new MemoryPressure(monitor.most());
            case CGROUP -> new CgroupPressure(Path.of("/sys/fs/cgroup"), monitor.most());
            case CONNECTIONS -> () -> (double) load.connections() / load.mostConnections();
            case CPU -> new CpuPressure();
            case FILE -> new FilePressure(Path.of(monitor.file()));
        };
    }
}
