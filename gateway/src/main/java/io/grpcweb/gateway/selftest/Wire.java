package io.grpcweb.gateway.selftest;

/** A way to call through the gateway: the version of HTTP and the form of the messages. */
enum Wire {
    HTTP1_BINARY("HTTP/1.1 binary"),
    HTTP1_TEXT("HTTP/1.1 text"),
    HTTP2_BINARY("HTTP/2 binary"),
    HTTP2_TEXT("HTTP/2 text"),
    WEB_SOCKET("WebSocket");

    private final String title;

    Wire(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    boolean isHttp2() {
        return this == HTTP2_BINARY || this == HTTP2_TEXT;
    }

    boolean isText() {
        return this == HTTP1_TEXT || this == HTTP2_TEXT;
    }

    /** Whether messages may follow while the response comes. */
    boolean streamsRequests() {
        return this == WEB_SOCKET;
    }

    String contentType() {
        return isText() ? "application/grpc-web-text+proto" : "application/grpc-web+proto";
    }
}
