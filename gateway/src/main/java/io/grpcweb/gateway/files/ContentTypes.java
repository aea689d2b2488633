package io.grpcweb.gateway.files;

import java.util.Locale;
import java.util.Map;

/** The media type of a file by the end of its name (the registry of IANA; WHATWG MIME Sniffing for scripts). */
final class ContentTypes {
    private static final String BYTES = "application/octet-stream";

    private static final Map<String, String> BY_END = Map.ofEntries(
            Map.entry("avif", "image/avif"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("csv", "text/csv; charset=utf-8"),
            Map.entry("gif", "image/gif"),
            Map.entry("htm", "text/html; charset=utf-8"),
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("jpeg", "image/jpeg"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("map", "application/json"),
            Map.entry("md", "text/markdown; charset=utf-8"),
            Map.entry("mjs", "text/javascript; charset=utf-8"),
            Map.entry("mp4", "video/mp4"),
            Map.entry("otf", "font/otf"),
            Map.entry("pdf", "application/pdf"),
            Map.entry("png", "image/png"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("ttf", "font/ttf"),
            Map.entry("txt", "text/plain; charset=utf-8"),
            Map.entry("wasm", "application/wasm"),
            Map.entry("webm", "video/webm"),
            Map.entry("webmanifest", "application/manifest+json"),
            Map.entry("webp", "image/webp"),
            Map.entry("woff", "font/woff"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("xml", "application/xml"));

    private ContentTypes() {}

    /** Of a file with this name; bytes where the end is not known. */
    static String of(String name) {
        int dot = name.lastIndexOf('.');
        return BY_END.getOrDefault(name.substring(dot + 1).toLowerCase(Locale.ROOT), BYTES);
    }
}
