package io.grpcweb.gateway.config.hocon;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Reads from compiled proto files ({@code protoc --descriptor_set_out}) which methods say with {@code idempotency_level}
 * that they may be executed more than once. The few fields that are wanted are read from the wire form; their numbers are
 * those of {@code google/protobuf/descriptor.proto}.
 */
final class DescriptorSets {
    private static final int MOST = 256 << 20;
    private static final int SET_FILE = 1;
    private static final int FILE_PACKAGE = 2;
    private static final int FILE_SERVICE = 6;
    private static final int SERVICE_NAME = 1;
    private static final int SERVICE_METHOD = 2;
    private static final int METHOD_NAME = 1;
    private static final int METHOD_OPTIONS = 4;
    private static final int IDEMPOTENCY_LEVEL = 34;
    private static final long NO_SIDE_EFFECTS = 1;
    private static final long IDEMPOTENT = 2;

    private final Set<String> idempotent = new HashSet<>();

    private DescriptorSets() {}

    /** The paths of all such methods in the files that the key names. */
    static Set<String> idempotent(Section section, String key) {
        DescriptorSets sets = new DescriptorSets();
        List<String> names = section.texts(key);
        for (String name : names) {
            try {
                Path file = Path.of(name);
                section.reads(file);
                if (Files.size(file) > MOST) {
                    section.error(
                            key,
                            "the file '" + name + "' is too large for a descriptor set: " + Files.size(file)
                                    + " bytes, where at most " + MOST + " (256 MiB) are read");
                    continue;
                }
                sets.read(Files.readAllBytes(file));
            } catch (IOException | InvalidPathException e) {
                section.error(
                        key,
                        "the file '" + name + "' cannot be read (seen from "
                                + Path.of("").toAbsolutePath() + ")");
            } catch (BufferUnderflowException | IllegalArgumentException | ArithmeticException e) {
                section.error(
                        key,
                        "the file '" + name + "' is no descriptor set: make it with protoc"
                                + " --include_imports --descriptor_set_out");
            }
        }
        return sets.idempotent;
    }

    private void read(byte[] set) {
        fields(ByteBuffer.wrap(set), (number, value) -> {
            if (number == SET_FILE) {
                file(value.bytes());
            }
        });
    }

    private void file(ByteBuffer file) {
        StringBuilder prefix = new StringBuilder();
        fields(file.duplicate(), (number, value) -> {
            if (number == FILE_PACKAGE) {
                prefix.append(text(value)).append('.');
            }
        });
        fields(file, (number, value) -> {
            if (number == FILE_SERVICE) {
                service(prefix.toString(), value.bytes());
            }
        });
    }

    private void service(String prefix, ByteBuffer service) {
        StringBuilder name = new StringBuilder(prefix);
        fields(service.duplicate(), (number, value) -> {
            if (number == SERVICE_NAME) {
                name.append(text(value));
            }
        });
        fields(service, (number, value) -> {
            if (number == SERVICE_METHOD) {
                method(name.toString(), value.bytes());
            }
        });
    }

    private void method(String service, ByteBuffer method) {
        String[] name = {""};
        long[] level = {0};
        fields(method, (number, value) -> {
            if (number == METHOD_NAME) {
                name[0] = text(value);
            } else if (number == METHOD_OPTIONS) {
                fields(value.bytes(), (option, set) -> {
                    if (option == IDEMPOTENCY_LEVEL) {
                        level[0] = set.number();
                    }
                });
            }
        });
        if (level[0] == NO_SIDE_EFFECTS || level[0] == IDEMPOTENT) {
            idempotent.add("/" + service + "/" + name[0]);
        }
    }

    /** A field's value: a number, or bytes where its wire type is 2. */
    private record Value(long number, ByteBuffer bytes) {}

    private static String text(Value value) {
        return StandardCharsets.UTF_8.decode(value.bytes().duplicate()).toString();
    }

    /** Walks over a message (protobuf.dev, "Encoding"). */
    private static void fields(ByteBuffer message, BiConsumer<Integer, Value> field) {
        ByteBuffer none = ByteBuffer.allocate(0);
        while (message.hasRemaining()) {
            long tag = varint(message);
            Value value =
                    switch ((int) tag & 7) {
                        case 0 -> new Value(varint(message), none);
                        case 1 -> skip(message, 8);
                        case 2 -> skip(message, Math.toIntExact(varint(message)));
                        case 5 -> skip(message, 4);
                        default -> throw new IllegalArgumentException("no wire type: " + (tag & 7));
                    };
            field.accept((int) (tag >>> 3), value);
        }
    }

    private static Value skip(ByteBuffer message, int length) {
        if (length < 0 || length > message.remaining()) {
            throw new BufferUnderflowException();
        }
        ByteBuffer part = message.slice(message.position(), length);
        message.position(message.position() + length);
        return new Value(0, part);
    }

    private static long varint(ByteBuffer from) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = from.get();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number without end");
    }
}
