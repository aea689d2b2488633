package io.grpcweb.gateway.testing;

import java.util.ArrayList;
import java.util.List;

/** A raw client on one connection. */
public interface Browser extends AutoCloseable {

    /** Sends the head of a POST; fields are names and values in turn. */
    BrowserCall call(String path, String... fields);

    @Override
    void close();

    static Browser connect(int httpVersion, int port) {
        return httpVersion == 1 ? new Http1Browser(port) : new Http2Browser(port);
    }

    /** Sends a whole request and waits for the whole answer. */
    default Answer post(String path, byte[] body, String... fields) {
        BrowserCall call = call(path, fields);
        if (body.length > 0) {
            call.send(body);
        }
        call.end();
        return call.answer();
    }

    static List<Answer.Field> fields(String... namesAndValues) {
        List<Answer.Field> fields = new ArrayList<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.add(new Answer.Field(namesAndValues[i], namesAndValues[i + 1]));
        }
        return fields;
    }
}
