package io.grpcweb.gateway.http;

import io.netty.handler.codec.http.HttpVersion;

/** The version of HTTP that a connection speaks. */
public enum Protocol {
    HTTP_1_0("HTTP/1.0"),
    HTTP_1_1("HTTP/1.1"),
    HTTP_2("HTTP/2");

    private final String text;

    Protocol(String text) {
        this.text = text;
    }

    /** Of a request over HTTP/1. */
    public static Protocol of(HttpVersion version) {
        return version.equals(HttpVersion.HTTP_1_0) ? HTTP_1_0 : HTTP_1_1;
    }

    /** As access logs write it. */
    @Override
    public String toString() {
        return text;
    }
}
