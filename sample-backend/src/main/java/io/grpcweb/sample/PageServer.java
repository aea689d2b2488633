package io.grpcweb.sample;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Serves the built page on 127.0.0.1, and tells it in {@code /config.json} where the gateway is. It signs people in, too. */
final class PageServer implements AutoCloseable {
    private static final Map<String, String> CONTENT_TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "json", "application/json",
            "svg", "image/svg+xml",
            "woff2", "font/woff2",
            "woff", "font/woff",
            "map", "application/json",
            "txt", "text/plain; charset=utf-8");

    private static final String NOT_BUILT = """
            <!doctype html><html lang="en"><meta charset="utf-8"><title>Order desk</title>
            <body style="font: 1.1rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 15vh auto; padding: 0 1rem">
            <h1>The page is not built</h1>
            <p>It needs Node.js: install it, then start <code>web-demo/run</code> again.
            The gateway and the backends run all the same; try the <code>curl</code> line.</p>
            """;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final Path folder;
    private final TokenIssuer issuer;

    /** Port 0 takes a free one. */
    PageServer(Path folder, int port, TokenIssuer issuer) throws IOException {
        this.issuer = issuer;
        this.folder = folder.toAbsolutePath().normalize();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
    }

    int port() {
        return server.getAddress().getPort();
    }

    void start(String gatewayUrl) {
        byte[] config = "{\"gateway\": \"%s\"}%n".formatted(gatewayUrl).getBytes(UTF_8);
        server.createContext("/config.json", exchange -> answer(exchange, 200, "json", config));
        byte[] keys = issuer.keySet().getBytes(UTF_8);
        server.createContext("/keys.json", exchange -> answer(exchange, 200, "json", keys));
        server.createContext("/token/", this::token);
        server.createContext("/", this::file);
        server.start();
    }

    /** Whoever asks gets a token: it is a demo. */
    private void token(HttpExchange exchange) throws IOException {
        String name = exchange.getRequestURI().getPath().substring("/token/".length());
        if (name.matches("[A-Za-z0-9-]{1,40}")) {
            answer(exchange, 200, "txt", issuer.token(name).getBytes(UTF_8));
        } else {
            answer(exchange, 404, "txt", "There is nobody of this name.\n".getBytes(UTF_8));
        }
    }

    private void file(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String name = path.equals("/") ? "index.html" : path.substring(1);
        // Normalised before it is compared: "../" must not lead out of the folder.
        Path file = folder.resolve(name).normalize();
        if (file.startsWith(folder) && Files.isRegularFile(file)) {
            String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
            answer(exchange, 200, extension, Files.readAllBytes(file));
        } else if (path.equals("/")) {
            answer(exchange, 200, "html", NOT_BUILT.getBytes(UTF_8));
        } else {
            answer(exchange, 404, "txt", "There is no such file.\n".getBytes(UTF_8));
        }
    }

    private static void answer(HttpExchange exchange, int status, String extension, byte[] body) throws IOException {
        try (exchange) {
            boolean head = exchange.getRequestMethod().equals("HEAD");
            if (!head && !exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            exchange.getResponseHeaders()
                    .set("Content-Type", CONTENT_TYPES.getOrDefault(extension, "application/octet-stream"));
            exchange.getResponseHeaders().set("Cache-Control", "no-cache");
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            exchange.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
            if (!head) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
