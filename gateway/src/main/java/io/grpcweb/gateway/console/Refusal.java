package io.grpcweb.gateway.console;

/** Something that the page asks for and does not get; the message is for the person in front of it. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    Refusal(String message) {
        super(message, null, false, false);
    }
}
