package io.grpcweb.gateway.testing;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The first message of TLS (RFC 8446 section 4.1.2), read by hand: what a client offers.
 *
 * @param serverName empty where none is sent
 */
public record ClientHello(
        List<Integer> ciphers, List<Integer> groups, List<Integer> versions, List<String> alpn, String serverName) {
    public static final int P256 = 0x17;
    static final int P384 = 0x18;
    public static final int P521 = 0x19;
    public static final int TLS12 = 0x0303;
    public static final int TLS13 = 0x0304;

    private static final int SERVER_NAME = 0;
    private static final int SUPPORTED_GROUPS = 10;
    private static final int ALPN = 16;
    private static final int SUPPORTED_VERSIONS = 43;

    public static ClientHello read(InputStream from) throws IOException {
        DataInputStream in = new DataInputStream(from);
        if (in.readUnsignedByte() != 22) {
            throw new AssertionError("not a handshake");
        }
        in.readUnsignedShort();
        ByteBuffer hello = ByteBuffer.wrap(in.readNBytes(in.readUnsignedShort()));
        int versionAt = 4;
        hello.position(versionAt + 2 + 32);
        skip(hello, hello.get() & 0xff);
        List<Integer> ciphers = numbers(slice(hello, hello.getShort() & 0xffff));
        skip(hello, hello.get() & 0xff);
        List<Integer> groups = new ArrayList<>();
        List<Integer> versions = new ArrayList<>(List.of(hello.getShort(versionAt) & 0xffff));
        List<String> alpn = new ArrayList<>();
        String name = "";
        ByteBuffer extensions = slice(hello, hello.getShort() & 0xffff);
        while (extensions.hasRemaining()) {
            int type = extensions.getShort() & 0xffff;
            ByteBuffer content = slice(extensions, extensions.getShort() & 0xffff);
            switch (type) {
                case SERVER_NAME -> {
                    content.getShort();
                    content.get();
                    name = text(slice(content, content.getShort() & 0xffff));
                }
                case SUPPORTED_GROUPS -> groups.addAll(numbers(slice(content, content.getShort() & 0xffff)));
                case ALPN -> {
                    content.getShort();
                    while (content.hasRemaining()) {
                        alpn.add(text(slice(content, content.get() & 0xff)));
                    }
                }
                case SUPPORTED_VERSIONS -> {
                    versions.clear();
                    versions.addAll(numbers(slice(content, content.get() & 0xff)));
                }
                default -> {}
            }
        }
        return new ClientHello(real(ciphers), real(groups), real(versions), alpn, name);
    }

    /** Without what is only there to keep servers used to unknown values (RFC 8701). */
    private static List<Integer> real(List<Integer> values) {
        return values.stream().filter(value -> (value & 0x0f0f) != 0x0a0a).toList();
    }

    private static void skip(ByteBuffer from, int bytes) {
        from.position(from.position() + bytes);
    }

    private static ByteBuffer slice(ByteBuffer from, int bytes) {
        ByteBuffer slice = from.slice(from.position(), bytes);
        skip(from, bytes);
        return slice;
    }

    private static List<Integer> numbers(ByteBuffer from) {
        List<Integer> numbers = new ArrayList<>();
        while (from.hasRemaining()) {
            numbers.add(from.getShort() & 0xffff);
        }
        return numbers;
    }

    private static String text(ByteBuffer from) {
        byte[] bytes = new byte[from.remaining()];
        from.get(bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
