package io.grpcweb.gateway.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.TextFormat;
import com.google.protobuf.UnknownFieldSet;
import io.grpcweb.gateway.testing.Shop;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expected texts are those of Envoy, which has the printer of protobuf's C++ library. */
class JsonWriterTest {
    private static final ProtoSchema SCHEMA = Shop.schema();

    private static String write(JsonStyle style, String type, String text) throws Exception {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(SCHEMA.message(type));
        TextFormat.merge(text, message);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new JsonWriter(SCHEMA, style).write(message.build(), out);
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Whatever the type of a field is, and however deep it stands. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "i64: -9 i32: 1 | i64 | {\"i32\":1,\"i64\":\"[masked]\"}",
                "rm { id: \"x\" } rm { } | id | {\"rm\":[{\"id\":\"[masked]\"},{}]}",
                "rm { id: \"x\" } | rm | {\"rm\":\"[masked]\"}",
                "mb { key: true value { id: \"y\" } } | id | {\"mb\":{\"true\":{\"id\":\"[masked]\"}}}",
                "mi { key: 1 value: \"a\" } | mi | {\"mi\":\"[masked]\"}",
                "by: \"\\373\" | by | {\"by\":\"[masked]\"}",
                "ts { } | ts | {\"ts\":\"[masked]\"}",
                "any { type_url: \"a/shop.Item\" value: \"\\n\\001x\" } | id | {\"any\":{\"@type\":\"a/shop.Item\",\"id\":\"[masked]\"}}"
            })
    void aMaskStandsInThePlaceOfAValue(String text, String field, String json) throws Exception {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(SCHEMA.message("shop.Everything"));
        TextFormat.merge(text, message);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new JsonWriter(SCHEMA, JsonStyle.COMPACT, one -> one.getName().equals(field)).write(message.build(), out);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(json);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | {}",
                "i32: -1 u32: 4294967295 | {\"i32\":-1,\"u32\":4294967295}",
                "i64: -9 u64: 18446744073709551615 f64: 4 | {\"i64\":\"-9\",\"u64\":\"18446744073709551615\",\"f64\":\"4\"}",
                "b: true by: \"\\373\\377\" e: COLOR_RED | {\"b\":true,\"by\":\"+/8=\",\"e\":\"COLOR_RED\"}",
                "ri: 1 ri: 2 re: COLOR_RED re: 7 | {\"ri\":[1,2],\"re\":[\"COLOR_RED\",7]}",
                "rm { id: \"x\" } rm { } | {\"rm\":[{\"id\":\"x\"},{}]}",
                "mi { key: 1 value: \"a\" } mb { key: true value { id: \"y\" } } | {\"mi\":{\"1\":\"a\"},\"mb\":{\"true\":{\"id\":\"y\"}}}",
                "mask { paths: \"a_b\" paths: \"c.d_e\" } | {\"mask\":\"aB,c.dE\"}",
                "val { struct_value { fields { key: \"a\" value { number_value: 1.5 } } } } | {\"val\":{\"a\":1.5}}",
                "val { } | {\"val\":null}",
                "list { } | {\"list\":[]}",
                "w64 { value: 5 } wb { } wu { } | {\"w64\":\"5\",\"wb\":false,\"wu\":0}",
                "on: NULL_VALUE | {\"on\":null}",
                "oi: 0 opt: 0 | {\"oi\":0,\"opt\":0}",
                "empty { } | {\"empty\":{}}",
                "ts { } | {\"ts\":\"1970-01-01T00:00:00Z\"}",
                "ts { nanos: 500000000 } | {\"ts\":\"1970-01-01T00:00:00.500Z\"}",
                "du { nanos: -1 } | {\"du\":\"-0.000000001s\"}",
                "rw { } rw { value: \"b\" } | {\"rw\":[\"\",\"b\"]}",
                "json_named: \"o\" | {\"other\":\"o\"}",
                "any { } | {\"any\":{}}",
                "any { [type.googleapis.com/google.protobuf.Duration] { seconds: 1 } } | {\"any\":{\"@type\":\"type.googleapis.com/google.protobuf.Duration\",\"value\":\"1s\"}}",
                "d: 1e21 | {\"d\":1e+21}",
                "rd: 1e10 rd: 1e15 rd: 1e16 | {\"rd\":[10000000000,1e+15,1e+16]}",
                "rd: 123456789.123 rd: 1e-5 rd: 0.0001 | {\"rd\":[123456789.123,1e-05,0.0001]}",
                "rd: 3 rd: -0.0 rd: nan rd: inf rd: -inf | {\"rd\":[3,-0,\"NaN\",\"Infinity\",\"-Infinity\"]}",
                "rd: 0.1 rd: 5e-324 rd: 1.7976931348623157e308 | {\"rd\":[0.1,4.94065645841247e-324,1.7976931348623157e+308]}",
                "f: 0.1 | {\"f\":0.1}",
                "f: 1e6 | {\"f\":1e+06}",
                "f: 1234567 | {\"f\":1234567}",
                "f: 16777216 | {\"f\":16777216}",
                "f: 3.4e38 | {\"f\":3.4e+38}",
            })
    void everyKindOfField(String text, String expected) throws Exception {
        assertThat(write(
                        JsonStyle.COMPACT,
                        "shop.Everything",
                        text.replace(
                                "[type.googleapis.com/google.protobuf.Duration] { seconds: 1 }",
                                "type_url: \"type.googleapis.com/google.protobuf.Duration\" value: \"\\010\\001\"")))
                .isEqualTo(expected);
    }

    @Test
    void whatDoesHarmInAPageOrCannotBeSeenIsEscaped() throws Exception {
        assertThat(write(
                        JsonStyle.COMPACT,
                        "shop.Everything",
                        "s: \"a'b&c=d<e>/\\177\\302\\205\\342\\200\\250\\357\\273\\277\\001\\t\\\"\\303\\274\""))
                .isEqualTo("{\"s\":\"a'b&c=d\\u003ce\\u003e/\\u007f\\u0085\\u2028\\ufeff\\u0001\\t\\\"\u00fc\"}");
    }

    @Test
    void eachValueOnALine() throws Exception {
        assertThat(write(
                        new JsonStyle(true, false, false, false),
                        "shop.Item",
                        "id: \"i\" tags: \"a\" tags: \"b\" parent { } sizes { key: \"s\" value: 1 }"))
                .isEqualTo("""
                        {
                         "id": "i",
                         "tags": [
                          "a",
                          "b"
                         ],
                         "parent": {},
                         "sizes": {
                          "s": 1
                         }
                        }
                        """);
    }

    @Test
    void fieldsThatAreNotSetWhereThatMakesNoDifference() throws Exception {
        assertThat(write(new JsonStyle(false, true, true, true), "shop.Item", "nick_name: \"\""))
                .isEqualTo(
                        "{\"id\":\"\",\"name\":\"\",\"price_cents\":0,\"stock\":\"0\",\"color\":0,\"sold_out\":false,"
                                + "\"photo\":\"\",\"tags\":[],\"sizes\":{},\"weight\":0,\"nick_name\":\"\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "any { type_url: \"type.googleapis.com/no.Such\" } | Invalid type URL, unknown type: no.Such",
                "any { value: \"x\" } | google.protobuf.Any: the type of the message is missing",
                "val { number_value: nan } | google.protobuf.Value: NaN is no number of JSON",
            })
    void messagesWithoutAJsonForm(String text, String expected) {
        assertThatThrownBy(() -> write(JsonStyle.COMPACT, "shop.Everything", text))
                .isInstanceOf(BadMessage.class)
                .hasMessage(expected);
    }

    @Test
    void anysInEachOtherAreFollowedToABoundOnly() throws Exception {
        DynamicMessage message = DynamicMessage.getDefaultInstance(SCHEMA.message("shop.Everything"));
        for (int i = 0; i < 5000; i++) {
            DynamicMessage.Builder outer = DynamicMessage.newBuilder(SCHEMA.message("shop.Everything"));
            Any any = Any.newBuilder()
                    .setTypeUrl("t/shop.Everything")
                    .setValue(message.toByteString())
                    .build();
            outer.mergeFrom(UnknownFieldSet.newBuilder()
                    .addField(
                            23,
                            UnknownFieldSet.Field.newBuilder()
                                    .addLengthDelimited(any.toByteString())
                                    .build())
                    .build()
                    .toByteString());
            message = outer.build();
        }
        DynamicMessage deep = message;

        assertThatThrownBy(() -> new JsonWriter(SCHEMA, JsonStyle.COMPACT).write(deep, new ByteArrayOutputStream()))
                .isInstanceOf(BadMessage.class);
    }
}
