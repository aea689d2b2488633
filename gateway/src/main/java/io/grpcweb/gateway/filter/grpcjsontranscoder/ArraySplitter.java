package io.grpcweb.gateway.filter.grpcjsontranscoder;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Finds the elements of a JSON array that comes in parts (RFC 8259 section 5). It looks at brackets, quotes and commas only; whether an element
 * is JSON is found out by who reads it.
 */
final class ArraySplitter {
    private enum State {
        BEFORE_ARRAY,
        BEFORE_ELEMENT,
        IN_ELEMENT,
        BEHIND_ELEMENT,
        BEHIND_ARRAY
    }

    private final int most;
    private final ByteBuf element;
    private State state = State.BEFORE_ARRAY;
    private int depth;

    /** The character that ends the text in which it stands; 0 outside of texts. */
    private byte quote;

    private boolean escaped;
    private boolean taken;

    /**
     * Has seen nothing.
     *
     * @param most bytes of an element
     */
    ArraySplitter(int most, ByteBufAllocator allocator) {
        this.most = most;
        this.element = allocator.buffer(0);
    }

    /** The element that was found last; valid until the next is looked for. */
    ByteBuf element() {
        return element;
    }

    /** Looks for the end of an element in what has come; false when all of it was looked at. */
    boolean next(ByteBuf data) throws Refusal {
        if (taken) {
            element.clear();
            taken = false;
        }
        while (data.isReadable()) {
            int from = data.readerIndex();
            if (state == State.IN_ELEMENT) {
                boolean found = inElement(data);
                keep(data, from);
                if (found) {
                    taken = true;
                    return true;
                }
            } else {
                between(data);
            }
        }
        return false;
    }

    private void keep(ByteBuf data, int from) throws Refusal {
        int length = data.readerIndex() - from;
        if ((long) element.readableBytes() + length > most) {
            throw new Refusal(Failure.requestTooLarge());
        }
        element.writeBytes(data, from, length);
    }

    /** Reads to the end of the element; what ends a number or a word is left where it is. */
    private boolean inElement(ByteBuf data) {
        while (data.isReadable()) {
            byte c = data.getByte(data.readerIndex());
            if (depth == 0 && quote == 0 && (c == ',' || c == ']' || isBlank(c))) {
                state = State.BEHIND_ELEMENT;
                return true;
            }
            data.skipBytes(1);
            if (quote != 0) {
                if (escaped) {
                    escaped = false;
                } else if (c == '\\') {
                    escaped = true;
                } else if (c == quote) {
                    quote = 0;
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '{' || c == '[') {
                depth++;
            } else if (c == '}' || c == ']') {
                depth--;
                if (depth <= 0) {
                    depth = 0;
                    state = State.BEHIND_ELEMENT;
                    return true;
                }
            }
        }
        return false;
    }

    private void between(ByteBuf data) throws Refusal {
        byte c = data.readByte();
        if (isBlank(c)) {
            return;
        }
        switch (state) {
            case BEFORE_ARRAY -> {
                if (c != '[') {
                    throw bad("Expected an array instead of " + (c == '{' ? "an object" : "a scalar value."));
                }
                state = State.BEFORE_ELEMENT;
            }
            case BEFORE_ELEMENT -> {
                if (c == ']') {
                    state = State.BEHIND_ARRAY;
                } else if (c == ',') {
                    throw bad("Expected a value before the comma.");
                } else {
                    data.readerIndex(data.readerIndex() - 1);
                    state = State.IN_ELEMENT;
                }
            }
            case BEHIND_ELEMENT -> {
                if (c != ',' && c != ']') {
                    throw bad("Expected , or ] after array value.");
                }
                state = c == ',' ? State.BEFORE_ELEMENT : State.BEHIND_ARRAY;
            }
            default -> throw bad("Parsing terminated before end of input.");
        }
    }

    /** The text ends here. */
    void end() throws Refusal {
        if (state == State.BEFORE_ARRAY) {
            throw bad("Expected an array instead of an object");
        }
        if (state != State.BEHIND_ARRAY) {
            throw bad("Unexpected end of string. Expected , or ] after array value.");
        }
    }

    private static boolean isBlank(byte c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }

    private static Refusal bad(String message) {
        return new Refusal(Failure.badRequest(message, false));
    }

    void release() {
        element.release();
    }
}
