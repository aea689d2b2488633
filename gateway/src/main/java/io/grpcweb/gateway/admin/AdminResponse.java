package io.grpcweb.gateway.admin;

/**
 * What a page answers.
 *
 * @param policy what a browser may load for it ({@code content-security-policy}); may be null
 * @param afterwards is done once the answer has left; may be null
 */
record AdminResponse(int status, String contentType, String body, String policy, Runnable afterwards) {
    static final String TEXT = "text/plain; charset=UTF-8";
    static final String JSON = "application/json";
    static final String HTML = "text/html; charset=UTF-8";

    /** Of the simple pages: their style stands in them. */
    private static final String POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'";

    static AdminResponse text(String body) {
        return text(200, body);
    }

    static AdminResponse text(int status, String body) {
        return of(status, TEXT, body);
    }

    static AdminResponse json(String body) {
        return of(200, JSON, body);
    }

    static AdminResponse html(String body) {
        return new AdminResponse(200, HTML, body, POLICY, null);
    }

    static AdminResponse of(int status, String contentType, String body) {
        return new AdminResponse(status, contentType, body, null, null);
    }

    /** What levers answer. */
    static AdminResponse ok() {
        return text("OK\n");
    }

    AdminResponse then(Runnable action) {
        return new AdminResponse(status, contentType, body, policy, action);
    }
}
