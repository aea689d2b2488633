package io.grpcweb.gateway.testing;

import io.grpcweb.gateway.config.ErrorFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The ways in which one call can be made: what the outcome must not depend on, or depends on as the protocol says. */
public record Shape(ErrorFormat format, int http, boolean text, Kind kind) {

    enum Kind {
        UNARY,
        SERVER_STREAM,
        CLIENT_STREAM,
        BIDI
    }

    static List<Shape> all() {
        List<Shape> all = new ArrayList<>();
        for (ErrorFormat format : ErrorFormat.values()) {
            for (int http = 1; http <= 2; http++) {
                for (Kind kind : Kind.values()) {
                    all.add(new Shape(format, http, false, kind));
                    all.add(new Shape(format, http, true, kind));
                }
            }
        }
        return all;
    }

    boolean isBrowserFormat() {
        return format == ErrorFormat.BROWSER;
    }

    public List<byte[]> requests() {
        return kind == Kind.CLIENT_STREAM || kind == Kind.BIDI
                ? List.of(Frames.F3, Frames.F0, Frames.F4)
                : List.of(Frames.F3);
    }

    public List<byte[]> answers() {
        return kind == Kind.SERVER_STREAM || kind == Kind.BIDI
                ? List.of(Frames.F2, Frames.F3, Frames.F4)
                : List.of(Frames.F2);
    }

    /** Whether the request goes on when the first message of an answer comes. */
    public boolean isDuplex() {
        return http == 2 && kind == Kind.BIDI;
    }

    String contentType() {
        return text ? "application/grpc-web-text+proto" : "application/grpc-web+proto";
    }

    /** Frames as they stand in a body of this shape. */
    public byte[] encode(byte[]... frames) {
        return text ? Frames.text(frames) : Frames.concat(frames);
    }

    BrowserCall begin(Browser browser, String path, String... more) {
        List<String> fields = new ArrayList<>(List.of("content-type", contentType(), "x-grpc-web", "1"));
        if (text) {
            fields.addAll(List.of("accept", "application/grpc-web-text"));
        }
        fields.addAll(List.of(more));
        return browser.call(path, fields.toArray(String[]::new));
    }

    public void sendAll(BrowserCall call) {
        requests().forEach(message -> call.send(encode(message)));
        call.end();
    }

    @Override
    public String toString() {
        return (format + " HTTP/" + http + " " + (text ? "text" : "binary") + " " + kind)
                .toLowerCase(Locale.ROOT)
                .replace('_', ' ');
    }
}
