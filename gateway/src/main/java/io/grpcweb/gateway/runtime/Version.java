package io.grpcweb.gateway.runtime;

import io.netty.handler.ssl.OpenSsl;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** What was built, in Envoy's form: {@code COMMIT/VERSION/STATE OF THE SOURCE/KIND OF BUILD/TLS LIBRARY}. */
public final class Version {
    private Version() {}

    public static String text() {
        Properties build = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("build.properties")) {
            build.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return String.join(
                "/",
                build.getProperty("commit"),
                build.getProperty("version"),
                build.getProperty("source"),
                "RELEASE",
                OpenSsl.isAvailable() ? "BoringSSL" : "JDK");
    }
}
