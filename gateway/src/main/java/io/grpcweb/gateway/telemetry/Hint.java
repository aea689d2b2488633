package io.grpcweb.gateway.telemetry;

import java.util.Locale;

/** Set-ups that work by half or not at all, each with its cure. The name in the documentation is the constant's in small letters. */
enum Hint {
    BACKEND_SPEAKS_HTTP1(
            "the backend speaks HTTP/1, and gRPC needs HTTP/2",
            "this is probably another port of it, often that of its REST API; correct endpoints, or set protocol = http1 for a"
                    + " cluster that serves no gRPC"),
    BACKEND_WANTS_TLS("the backend speaks TLS, and the cluster is cleartext", "set tls = true, or a tls section with its ca"),
    BACKEND_IS_CLEARTEXT(
            "the cluster has tls, and the backend does not speak it",
            "remove tls from the cluster, or correct the port in endpoints"),
    LOOPBACK_IN_CONTAINER(
            "nothing listens at this loopback address, which is that of the container and not of its host",
            "name the service of the backend, or host.docker.internal for a program on the host"),
    NO_LIVE_DELIVERY(
            "this page reads a server stream with the grpc-web library in binary form, which shows all messages at the end",
            "generate its client with mode=grpcwebtext, set useFetchDownloadStreams, or use connect-web"),
    SIX_STREAMS(
            "this page has six streams open over HTTP/1.1, and its browser makes no seventh call until one of them ends",
            "give the listener tls, which brings HTTP/2, or use a WebSocket transport");

    private static final String PAGE = "docs/errors.md#";

    private final String what;
    private final String cure;

    Hint(String what, String cure) {
        this.what = what;
        this.cure = cure;
    }

    String what() {
        return what;
    }

    String cure() {
        return cure;
    }

    /** The section of the documentation about it. */
    String help() {
        return PAGE + name().toLowerCase(Locale.ROOT);
    }
}
