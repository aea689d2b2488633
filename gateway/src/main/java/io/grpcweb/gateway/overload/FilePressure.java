package io.grpcweb.gateway.overload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A number from 0 to 1 that somebody else writes into a file: Envoy's {@code injected_resource}. */
final class FilePressure implements Pressure {
    private final Path file;

    FilePressure(Path file) {
        this.file = file;
    }

    @Override
    public double read() throws IOException {
        String text = Files.readString(file).strip();
        try {
            double value = Double.parseDouble(text);
            if (value >= 0 && value <= 1) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new IOException(file + " holds '" + text + "', which is no number from 0 to 1");
    }
}
