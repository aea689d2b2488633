package io.grpcweb.gateway.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The files of the page, which are resources beside this class. */
final class ConsoleFiles {
    static final String PAGE = "console.html";

    /** What the page loads. */
    static final List<String> PARTS = List.of(
            "tokens.css",
            "layout.css",
            "form.css",
            "results.css",
            "main.js",
            "socket.js",
            "dom.js",
            "services.js",
            "schema.js",
            "scalars.js",
            "well-known.js",
            "form.js",
            "fields.js",
            "collections.js",
            "request.js",
            "metadata.js",
            "calls.js",
            "answer.js",
            "details.js",
            "history.js",
            "recent.js",
            "recordings.js",
            "snippets.js",
            "copy.js");

    private ConsoleFiles() {}

    static String type(String name) {
        if (name.endsWith(".css")) {
            return "text/css; charset=UTF-8";
        }
        return name.endsWith(".js") ? "text/javascript; charset=UTF-8" : "text/html; charset=UTF-8";
    }

    static String text(String name) {
        try (InputStream in = ConsoleFiles.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its file " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
