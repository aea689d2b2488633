package io.grpcweb.gateway.admin;

/**
 * What a page answers.
 *
 * @param afterwards is done once the answer has left; may be null
 */
record AdminResponse(int status, String contentType, String body, Runnable afterwards) {
    static final String TEXT = "text/plain; charset=UTF-8";
    static final String JSON = "application/json";
    static final String HTML = "text/html; charset=UTF-8";

    static AdminResponse text(String body) {
        return text(200, body);
    }

    static AdminResponse text(int status, String body) {
        return new AdminResponse(status, TEXT, body, null);
    }

    static AdminResponse json(String body) {
        return new AdminResponse(200, JSON, body, null);
    }

    static AdminResponse html(String body) {
        return new AdminResponse(200, HTML, body, null);
    }

    /** What levers answer. */
    static AdminResponse ok() {
        return text("OK\n");
    }

    AdminResponse then(Runnable action) {
        return new AdminResponse(status, contentType, body, action);
    }
}
