package io.grpcweb.gateway.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.DynamicMessage;
import com.google.protobuf.TextFormat;
import io.grpcweb.gateway.testing.Shop;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {
    private static final ProtoSchema SCHEMA = Shop.schema();
    private static final JsonReader STRICT = new JsonReader(SCHEMA, JsonRules.STRICT);
    private static final JsonReader LENIENT = new JsonReader(SCHEMA, JsonRules.lenient(false));

    /** The fields of {@code Everything} that the text sets, in protobuf's own text form. */
    private static String read(JsonReader reader, String json) throws InvalidJson {
        return TextFormat.printer().emittingSingleLine(true).printToString(message(reader, "shop.Everything", json));
    }

    private static DynamicMessage message(JsonReader reader, String type, String json) throws InvalidJson {
        return reader.read(SCHEMA.message(type), new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | ``",
                "{\"i32\":5} | i32: 5",
                "{\"i32\":\"-5\"} | i32: -5",
                "{\"i32\":5.0} | i32: 5",
                "{\"i32\":1e2} | i32: 100",
                "{\"u32\":4294967295} | u32: 4294967295",
                "{\"i64\":\"9007199254740993\"} | i64: 9007199254740993",
                "{\"u64\":18446744073709551615} | u64: 18446744073709551615",
                "{\"s64\":-9223372036854775808} | s64: -9223372036854775808",
                "{\"f\":\"NaN\"} | f: NaN",
                "{\"d\":\"-Infinity\"} | d: -Infinity",
                "{\"d\":\"1.5\"} | d: 1.5",
                "{\"b\":true} | b: true",
                "{\"s\":\"\\u00fc\\ud83d\\ude00\"} | s: \"\\303\\274\\360\\237\\230\\200\"",
                "{\"by\":\"AAEC/w==\"} | by: \"\\000\\001\\002\\377\"",
                "{\"by\":\"AAEC_w\"} | by: \"\\000\\001\\002\\377\"",
                "{\"e\":\"COLOR_RED\"} | e: COLOR_RED",
                "{\"e\":1} | e: COLOR_RED",
                "{\"e\":7} | e: 7",
                "{\"ri\":[1,\"2\"]} | ri: 1 ri: 2",
                "{\"rm\":[{\"id\":\"a\"},{}]} | rm { id: \"a\" } rm { }",
                "{\"mi\":{\"1\":\"a\"}} | mi { key: 1 value: \"a\" }",
                "{\"mb\":{\"true\":{\"id\":\"x\"}}} | mb { key: true value { id: \"x\" } }",
                "{\"mask\":\"a,bC.d\"} | mask { paths: \"a\" paths: \"b_c.d\" }",
                "{\"val\":null} | val { null_value: NULL_VALUE }",
                "{\"val\":[1,{\"a\":null}]} | val { list_value { values { number_value: 1.0 } values { struct_value { fields { key: \"a\" value { null_value: NULL_VALUE } } } } } }",
                "{\"list\":[\"a\"]} | list { values { string_value: \"a\" } }",
                "{\"w64\":\"5\"} | w64 { value: 5 }",
                "{\"wb\":false} | wb { }",
                "{\"rw\":[\"\",\"b\"]} | rw { } rw { value: \"b\" }",
                "{\"on\":null} | on: NULL_VALUE",
                "{\"opt\":0} | opt: 0",
                "{\"empty\":{}} | empty { }",
                "{\"ts\":\"1970-01-01T01:00:05+01:00\"} | ts { seconds: 5 }",
                "{\"du\":\"-1.5s\"} | du { seconds: -1 nanos: -500000000 }",
                "{\"other\":\"x\"} | json_named: \"x\"",
                "{\"json_named\":\"x\"} | json_named: \"x\"",
                "{\"s\":null,\"ri\":null,\"nobody\":{\"x\":[1]}} | ``",
            })
    void everyKindOfField(String json, String expected) throws Exception {
        assertThat(read(STRICT, json)).isEqualTo(expected);
        assertThat(read(LENIENT, json)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"i32\":2147483648} | i32: invalid value 2147483648 for type TYPE_INT32",
                "{\"i32\":1e999999999} | i32: invalid value 1e999999999 for type TYPE_INT32",
                "{\"i32\":5.5} | i32: invalid value 5.5 for type TYPE_INT32",
                "{\"i32\":\"\"} | i32: invalid value \"\" for type TYPE_INT32",
                "{\"i32\":true} | i32: invalid value true for type TYPE_INT32",
                "{\"u32\":-1} | u32: invalid value -1 for type TYPE_UINT32",
                "{\"u64\":-1} | u64: invalid value -1 for type TYPE_UINT64",
                "{\"i64\":9223372036854775808} | i64: invalid value 9223372036854775808 for type TYPE_INT64",
                "{\"f\":1e39} | f: invalid value 1e+39 for type TYPE_FLOAT",
                "{\"d\":1e400} | d: invalid value 1e400 for type TYPE_DOUBLE",
                "{\"d\":\"0x1p3\"} | d: invalid value \"0x1p3\" for type TYPE_DOUBLE",
                "{\"d\":\"1.5f\"} | d: invalid value \"1.5f\" for type TYPE_DOUBLE",
                "{\"b\":1} | b: invalid value 1 for type TYPE_BOOL",
                "{\"s\":1} | s: invalid value 1 for type TYPE_STRING",
                "{\"by\":\"A\"} | by: invalid value \"A\" for type TYPE_BYTES",
                "{\"e\":\"XX\"} | e: invalid value \"XX\" for type type.googleapis.com/shop.Color",
                "{\"e\":\"color_red\"} | e: invalid value \"color_red\" for type type.googleapis.com/shop.Color",
                "{\"rm\":[{},{\"priceCents\":\"many\"}]} | rm[1].price_cents: invalid value \"many\" for type TYPE_INT32",
                "{\"mi\":{\"x\":\"b\"}} | mi[0].key: invalid value \"x\" for type TYPE_INT32",
                "{\"oi\":1,\"os\":\"x\"} | : invalid value oneof field 'o' is already set. Cannot set 'os' for type oneof",
                "{\"any\":{\"id\":\"x\"}} | any: invalid value Missing @type for any field for type Any",
                "{\"any\":{\"@type\":\"type.googleapis.com/no.Such\"}} | any: invalid value Invalid type URL, unknown type: no.Such for type Any",
                "{\"i64\":1.50} | i64: invalid value 1.5 for type TYPE_INT64",
                "{\"mi\":{\"1\":\"b\",\"2\":3}} | mi[1].value: invalid value 3 for type TYPE_STRING",
                "{\"mi\":{\"1\":[]}} | mi[0].value: invalid value Cannot have repeated items ('1') within a map. for type Map",
                "{\"mi\":{\"1\":\"a\",\"1\":\"b\"}} | mi[0]: Repeated map key: '1' is already set.",
                "{\"mi\":[]} | : invalid value Cannot bind a list to map for field 'mi'. for type Map",
                "{\"mi\":5} | mi: invalid value 5 for type type.googleapis.com/shop.Everything.MiEntry",
                "{\"rm\":[{\"id\":[]}]} | rm[0]: Proto field is not repeating, cannot start list.",
                "{\"rm\":[{\"id\":{}}]} | rm[0]: invalid value Starting an object on a scalar field for type id",
                "{\"rm\":[5]} | rm[0]: invalid value 5 for type type.googleapis.com/shop.Item",
                "{\"ts\":[]} | : Proto field is not repeating, cannot start list.",
                "{\"w64\":\"x\"} | w64.value: invalid value \"x\" for type TYPE_INT64",
                "{\"ts\":\"2026-01-02\"} | ts: invalid value Field 'ts', Illegal timestamp format; timestamps must end with 'Z' or have a valid timezone offset. for type type.googleapis.com/google.protobuf.Timestamp",
                "{\"ts\":\"2026-02-30T03:04:05Z\"} | ts: invalid value Field 'ts', Invalid time format: Out-of-range field for type type.googleapis.com/google.protobuf.Timestamp",
                "{\"ts\":true} | ts: invalid value Field 'ts', Invalid data type for timestamp, value is true for type type.googleapis.com/google.protobuf.Timestamp",
                "{\"du\":\"1.0000000001s\"} | du: invalid value Field 'du', Duration value exceeds limits for type type.googleapis.com/google.protobuf.Duration",
                "{\"any\":{\"@type\":\"x\"}} | any: invalid value Invalid type URL, type URLs must be of the form 'type.googleapis.com/<typename>', got: x for type Any",
                "{\"any\":{\"@type\":\"type.googleapis.com/shop.Item\",\"id\":5}} | id: invalid value 5 for type TYPE_STRING",
                "{\"any\":{\"@type\":\"type.googleapis.com/google.protobuf.Duration\",\"value\":\"1\"}} | : invalid value Illegal duration format; duration must end with 's' for type Any",
                "{\"by\":\"-+\"} | by: invalid value \"-+\" for type TYPE_BYTES",
                "[] | : Root element must be a message.",
                "null | : Root element must be a message.",
                "1 | : Root element must be a message.",
                "{\"val\":1}{} | Parsing terminated before end of input.",
            })
    void whatAFieldCannotHold(String json, String expected) {
        assertThatThrownBy(() -> read(STRICT, json))
                .isInstanceOf(InvalidJson.class)
                .hasMessage(expected);
        assertThatThrownBy(() -> read(LENIENT, json))
                .isInstanceOf(InvalidJson.class)
                .hasMessage(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{\"s\":\"a\"",
                "{\"s\":\"a\"} x",
                "{\"s\":\"\\ud800\"}",
                "{\"s\":\"\\udc00\\ud800\"}",
                "{\"s\":\"\\u00zz\"}",
                "{\"i32\":007}",
                "{\"f\":NaN}",
                "{\"s\":\"x\"/*c*/}",
                "{\"ts\":\"x\"}",
                "{\"ts\":\"0000-01-02T03:04:05Z\"}",
                "{\"du\":\"1.5\"}",
                "{\"du\":\"315576000001s\"}",
                "{\"mi\":{\"1\":\"a\",\"1\":\"b\"}}",
                "{\"list\":1}",
                "{\"s\":[\"a\"]}",
                "{\"s\":{}}",
            })
    void noJsonOrNotOfTheMessage(String json) {
        assertThatThrownBy(() -> read(STRICT, json)).isInstanceOf(InvalidJson.class);
        assertThatThrownBy(() -> read(LENIENT, json)).isInstanceOf(InvalidJson.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{s:\"a\"} | s: \"a\"",
                "{'s':'a'} | s: \"a\"",
                "{\"s\":\"a\",} | s: \"a\"",
                "{\"s\":\"a\",\"s\":\"b\"} | s: \"b\"",
                "{\"ri\":1} | ri: 1",
                "{\"ri\":[1,null,[2]]} | ri: 1 ri: 2",
                "{\"me\":{\"a\":null}} | me { key: \"a\" value: COLOR_UNKNOWN }",
                "{\"b\":\"YES\"} | b: true",
                "{\"e\":\"1\"} | e: COLOR_RED",
                "{\"w64\":{\"value\":5}} | w64 { value: 5 }",
                "{\"s\":\"a\\qb\"} | s: \"aqb\"",
                "{\"ts\":{\"seconds\":5}} | ts { seconds: 5 }",
                "{\"du\":{}} | du { }",
                "{\"list\":{\"values\":[1]}} | list { values { number_value: 1.0 } }",
                "{\"by\":\" AA EC/w==\\n\"} | by: \"\\000\\001\\002\\377\"",
            })
    void onlyLenientRulesForgive(String json, String expected) throws Exception {
        assertThat(read(LENIENT, json)).isEqualTo(expected);
        assertThatThrownBy(() -> read(STRICT, json)).isInstanceOf(InvalidJson.class);
    }

    @Test
    void enumsInSmallLettersWhereTheRulesSaySo() throws Exception {
        JsonReader reader = new JsonReader(SCHEMA, JsonRules.lenient(true));

        assertThat(read(reader, "{\"e\":\"color-red\",\"re\":[\"Color_Red\"]}"))
                .isEqualTo("e: COLOR_RED re: COLOR_RED");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"any\":{\"@type\":\"type.googleapis.com/shop.ItemName\",\"shelf\":\"x\"}}",
                "{\"any\":{\"shelf\":\"x\",\"@type\":\"type.googleapis.com/shop.ItemName\"}}",
            })
    void theTypeOfAnAnyMayStandAnywhere(String json) throws Exception {
        assertThat(read(STRICT, json))
                .isEqualTo("any { type_url: \"type.googleapis.com/shop.ItemName\" value: \"\\n\\001x\" }");
    }

    @Test
    void anAnyOfAMessageWithAFormOfItsOwn() throws Exception {
        assertThat(read(
                        STRICT,
                        "{\"any\":{\"@type\":\"type.googleapis.com/google.protobuf.Duration\",\"value\":\"1.5s\"}}"))
                .isEqualTo(
                        "any { type_url: \"type.googleapis.com/google.protobuf.Duration\" value: \"\\b\\001\\020\\200\\312\\265\\356\\001\" }");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"parent\":", "{\"unknown\":[", "{\"extra\":{\"a\":["})
    void deepTextsAreRefusedAndNotFollowed(String level) {
        assertThatThrownBy(() -> message(STRICT, "shop.Item", level.repeat(100_000)))
                .isInstanceOf(InvalidJson.class)
                .hasMessageStartingWith("Message too deep");
    }

    /** Each of these four bytes would be 800 in memory. */
    @Test
    void soManyValuesAreReadAsThereIsMemoryFor() {
        int most = (int) Math.max(100_000, Runtime.getRuntime().maxMemory() / 4096);
        String list = "[1],".repeat(most / 3 + 1);
        assertThatThrownBy(() -> read(LENIENT, "{\"val\":[" + list + "[1]]}"))
                .isInstanceOf(InvalidJson.class)
                .hasMessageContaining("Token count");
    }

    @Test
    void anysThatMustBeCopiedAreBoundedInDepth() {
        String json = "{\"any\":{\"x\":1,\"any\":".repeat(20) + "{}"
                + ",\"@type\":\"type.googleapis.com/shop.Everything\"}}".repeat(20);

        assertThatThrownBy(() -> read(STRICT, json)).isInstanceOf(InvalidJson.class);
    }

    @Test
    void bytesThatAreNoUtf8() {
        byte[] json = {'{', '"', 's', '"', ':', '"', (byte) 0xc3, '(', '"', '}'};

        assertThatThrownBy(() -> STRICT.read(SCHEMA.message("shop.Everything"), new ByteArrayInputStream(json)))
                .isInstanceOf(InvalidJson.class);
    }

    @Test
    void whatIsThereAlreadyIsPutTogether() throws Exception {
        DynamicMessage.Builder item = DynamicMessage.newBuilder(SCHEMA.message("shop.Item"));
        LENIENT.merge(
                new ByteArrayInputStream("{\"parent\":{\"id\":\"a\"}}".getBytes(StandardCharsets.UTF_8)), item, null);
        LENIENT.merge(
                new ByteArrayInputStream("{\"parent\":{\"name\":\"b\"}}".getBytes(StandardCharsets.UTF_8)), item, null);

        assertThat(TextFormat.printer().emittingSingleLine(true).printToString(item))
                .isEqualTo("parent { id: \"a\" name: \"b\" }");
    }
}
