package io.grpcweb.gateway.overload;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/** The share of the processors' time that is used since the last reading, those of the container where there is one. */
final class CpuPressure implements Pressure {
    @Override
    public double read() throws IOException {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            double load = system.getCpuLoad();
            if (load >= 0) {
                return load;
            }
        }
        throw new IOException("the use of the processors is not known here");
    }
}
