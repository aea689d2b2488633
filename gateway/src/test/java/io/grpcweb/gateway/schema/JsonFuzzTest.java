package io.grpcweb.gateway.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import io.grpcweb.gateway.testing.Shop;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;

/** JSON of anybody: it is a message or is refused, and what is a message by the strict rules is written and read as the same one. */
class JsonFuzzTest {
    private static final int LONGEST_ERROR = 400;

    private final ProtoSchema schema = Shop.schema();
    private final Descriptor type = schema.message("shop.Everything");
    private final JsonReader strict = new JsonReader(schema, JsonRules.STRICT);
    private final JsonReader lenient = new JsonReader(schema, JsonRules.lenient(true));
    private final JsonWriter writer = new JsonWriter(schema, JsonStyle.COMPACT);

    @FuzzTest(maxDuration = "15m")
    void aTextIsAMessageOrIsRefused(byte[] input) throws Exception {
        DynamicMessage message = read(strict, input);
        if (message != null) {
            assertThat(read(lenient, input)).as("what the strict rules take").isNotNull();
            ByteArrayOutputStream written = new ByteArrayOutputStream();
            try {
                writer.write(message, written);
            } catch (BadMessage e) {
                // Not every message has a JSON form: a Value may hold a number that is none.
                return;
            }
            assertThat(read(strict, written.toByteArray()))
                    .as("%s", written)
                    .extracting(DynamicMessage::toByteString)
                    .isEqualTo(message.toByteString());
        }
    }

    @FuzzTest(maxDuration = "15m")
    void aTextWithMuchForgivenIsAMessageOrIsRefused(byte[] input) throws Exception {
        read(lenient, input);
    }

    /** Null for what is refused. */
    private DynamicMessage read(JsonReader reader, byte[] input) {
        try {
            return reader.read(type, new ByteArrayInputStream(input));
        } catch (InvalidJson e) {
            assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(LONGEST_ERROR + 2 * input.length);
            return null;
        }
    }
}
