package io.grpcweb.gateway.selftest;

/** Something is not as a test wants it. */
final class Mismatch extends Exception {
    private static final long serialVersionUID = 1;

    Mismatch(String text) {
        super(text);
    }

    static void require(Object wanted, Object found, String what) throws Mismatch {
        if (!wanted.equals(found)) {
            throw new Mismatch(what + " is " + found + ", not " + wanted);
        }
    }
}
