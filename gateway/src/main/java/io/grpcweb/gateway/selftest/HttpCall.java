package io.grpcweb.gateway.selftest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** A call as an HTTP request, whose messages all leave before the response comes. */
final class HttpCall implements WebCall {
    private final HttpClient client;
    private final HttpRequest.Builder request;
    private final Wire wire;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private HttpResponse<InputStream> response;
    private FrameReader frames;
    private Map<String, String> head;
    private Map<String, String> trailers;

    HttpCall(HttpClient client, URI uri, Wire wire, Map<String, String> fields) {
        this.client = client;
        this.wire = wire;
        this.request = HttpRequest.newBuilder(uri)
                .header("content-type", wire.contentType())
                .header("accept", wire.contentType())
                .header("x-grpc-web", "1")
                .header("x-user-agent", "grpc-web-gateway-selftest")
                .header("origin", Caller.ORIGIN);
        fields.forEach(request::header);
    }

    @Override
    public void send(byte[] message) {
        body.writeBytes(FrameReader.framed(message));
    }

    @Override
    public void end() throws IOException, InterruptedException {
        byte[] sent = wire.isText() ? Base64.getEncoder().encode(body.toByteArray()) : body.toByteArray();
        response = client.send(
                request.POST(HttpRequest.BodyPublishers.ofByteArray(sent)).build(),
                HttpResponse.BodyHandlers.ofInputStream());
        head = new LinkedHashMap<>();
        response.headers().map().forEach((name, values) -> head.put(name, String.join(",", values)));
        HttpClient.Version wanted = wire.isHttp2() ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1;
        if (response.version() != wanted || response.statusCode() != 200) {
            throw new IOException("the answer is " + response.version() + " with the status " + response.statusCode());
        }
        if (!Caller.ORIGIN.equals(head.get("access-control-allow-origin"))) {
            throw new IOException("the page may not read the answer: " + head);
        }
        InputStream content = response.body();
        frames = new FrameReader(wire.isText() ? new QuartetStream(content) : content);
    }

    @Override
    public byte[] next() throws IOException {
        if (trailers != null) {
            return null;
        }
        FrameReader.Frame frame = frames.next();
        if (frame == null && !head.containsKey("grpc-status")) {
            throw new IOException("the response ends without a status");
        }
        if (frame != null && frame.fields() == null) {
            return frame.message();
        }
        trailers = frame == null ? head : frame.fields();
        return null;
    }

    @Override
    public Map<String, String> head() {
        return head;
    }

    @Override
    public Map<String, String> trailers() {
        return trailers;
    }

    @Override
    public void close() throws IOException {
        if (response != null) {
            response.body().close();
        }
    }
}
