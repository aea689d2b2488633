package io.grpcweb.gateway.process;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether accepting from a descriptor may block, which would hold up an event loop. systemd passes blocking sockets unless the
 * unit says {@code NonBlocking=true}. Java makes a foreign descriptor non-blocking in one internal class only, which the start
 * script exports when sockets are passed; it is reached by name, because it is not there to be compiled against.
 */
final class Blocking {
    /** {@code O_NONBLOCK} in the octal flags of {@code /proc/self/fdinfo}. */
    private static final int NON_BLOCKING = 04000;

    private Blocking() {}

    /** @throws IOException where it blocks and that cannot be changed */
    static void end(int descriptor) throws IOException {
        if (isOff(descriptor)) {
            return;
        }
        try {
            Class<?> channels = Class.forName("sun.nio.ch.IOUtil");
            Object wrapped = channels.getMethod("newFD", int.class).invoke(null, descriptor);
            channels.getMethod("configureBlocking", FileDescriptor.class, boolean.class)
                    .invoke(null, wrapped, false);
        } catch (InvocationTargetException e) {
            throw new IOException(
                    "descriptor " + descriptor + ": " + e.getCause().getMessage(), e);
        } catch (ReflectiveOperationException e) {
            throw new IOException(
                    "descriptor " + descriptor + " blocks: the unit of systemd needs NonBlocking=true, or Java the"
                            + " option --add-exports java.base/sun.nio.ch=ALL-UNNAMED",
                    e);
        }
    }

    private static boolean isOff(int descriptor) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo", Integer.toString(descriptor)))) {
            if (line.startsWith("flags:")) {
                return (Integer.parseInt(line.substring("flags:".length()).strip(), 8) & NON_BLOCKING) != 0;
            }
        }
        return false;
    }
}
