package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.Origin;
import io.grpcweb.gateway.config.TlsConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** An {@code envoy.config.core.v3.DataSource}: a file, a text, or a variable of the environment. */
public final class DataSources {
    private DataSources() {}

    /** The content as it is now. */
    public static String text(Msg source, Reading reading) {
        if (!source.has("filename")) {
            return inline(source, reading);
        }
        try {
            Path file = Path.of(source.text("filename"));
            reading.files.add(file);
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException | InvalidPathException e) {
            reading.error(source, "filename", "the file '" + source.text("filename") + "' cannot be read");
            return "";
        }
    }

    /** Where a certificate or a key is found. */
    static TlsConfig.Source source(Msg source, Reading reading) {
        if (source.has("filename")) {
            return new TlsConfig.Source.File(source.text("filename"));
        }
        return new TlsConfig.Source.Inline(inline(source, reading), new Origin(source.place()));
    }

    private static String inline(Msg source, Reading reading) {
        if (source.has("environment_variable")) {
            String value = System.getenv(source.text("environment_variable"));
            if (value == null) {
                reading.error(
                        source,
                        "environment_variable",
                        "the variable '" + source.text("environment_variable") + "' is not set");
                return "";
            }
            return value;
        }
        return source.text(source.has("inline_bytes") ? "inline_bytes" : "inline_string");
    }
}
