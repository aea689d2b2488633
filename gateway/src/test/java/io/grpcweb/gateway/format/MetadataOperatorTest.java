package io.grpcweb.gateway.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.config.AccessLogConfig.Format;
import io.grpcweb.gateway.http.MetadataKey;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.telemetry.Calls;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetadataOperatorTest {
    private static final MetadataKey<String> SUBJECT = new MetadataKey<>("jwt", "sub", String.class);

    private final StreamInfo call = Calls.unary();

    private String line(Format format) {
        LineBuffer out = new LineBuffer();
        LogFormat.of(format).write(call, out);
        return new String(out.copy(), StandardCharsets.UTF_8);
    }

    private void know() {
        call.addMetadata().put(SUBJECT, "ann \"a\"");
        call.addMetadata().putAll("jwt", Map.of("exp", 7.0));
        call.addMetadata().putAll("jwt", Map.of("half", 0.5, "ok", true));
        call.addMetadata().putAll("jwt", Map.of("roles", Arrays.asList("x", null, List.of(1))));
        call.addMetadata().putAll("deep", Map.of("a", Map.of("b", "c")));
        call.addMetadata().putAll("deep", Collections.singletonMap("none", null));
    }

    /** Whichever form is shorter; the plain one where both are as long. */
    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "-3, -3",
        "2.25, 2.25",
        "1000, 1000",
        "10000, 10000",
        "100000, 1e+05",
        "-100000, -1e+05",
        "1234567, 1234567",
        "4000000000, 4e+09",
        "4102444800, 4102444800",
        "4102444800.5, 4102444800.5",
        "0.0001, 1e-04",
        "0.001, 0.001",
        "1e100, 1e+100"
    })
    void aNumberIsWrittenAsEnvoyDoes(double number, String expected) {
        assertThat(JsonText.of(Map.of("n", number))).isEqualTo("{\"n\":" + expected + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "%DYNAMIC_METADATA(jwt:sub)% | ann \"a\"",
                "%DYNAMIC_METADATA(jwt:sub):3% | ann",
                "%DYNAMIC_METADATA(jwt:exp)% | 7",
                "%DYNAMIC_METADATA(jwt:half)% | 0.5",
                "%DYNAMIC_METADATA(jwt:ok)% | true",
                "%DYNAMIC_METADATA(jwt:roles)% | [\"x\",null,[1]]",
                "%DYNAMIC_METADATA(deep)% | {\"a\":{\"b\":\"c\"},\"none\":null}",
                "%DYNAMIC_METADATA(deep:a:b)% | c",
                "%DYNAMIC_METADATA(deep:a:b:c)% | -",
                "%DYNAMIC_METADATA(deep:none)% | -",
                "%DYNAMIC_METADATA(other:x)% | -"
            })
    void aTextIsWrittenAsItIsAndTheRestAsJson(String format, String expected) {
        know();
        assertThat(line(new Format.Text(format, false))).isEqualTo(expected);
    }

    @Test
    void inALineOfJsonAValueKeepsItsType() {
        know();
        Map<String, Object> fields = Map.of(
                "deep", "%DYNAMIC_METADATA(deep:a)%",
                "exp", "%DYNAMIC_METADATA(jwt:exp)%",
                "mixed", "is %DYNAMIC_METADATA(deep:a)%",
                "none", "%DYNAMIC_METADATA(other)%",
                "sub", "%DYNAMIC_METADATA(jwt:sub)%");
        assertThat(line(new Format.Json(fields, false)))
                .isEqualTo("{\"deep\":{\"b\":\"c\"},\"exp\":7,\"mixed\":\"is {\\\"b\\\":\\\"c\\\"}\","
                        + "\"none\":null,\"sub\":\"ann \\\"a\\\"\"}\n");
    }

    @Test
    void whereNoFilterHasSaidAnythingThereIsNothing() {
        assertThat(line(new Format.Text("%DYNAMIC_METADATA(jwt:sub)%", false))).isEqualTo("-");
        assertThat(call.metadata).isNull();
        assertThat(call.metadata(SUBJECT)).isNull();
    }

    @Test
    void aKeyFindsAValueOfItsTypeAlone() {
        know();
        assertThat(call.metadata(SUBJECT)).isEqualTo("ann \"a\"");
        assertThat(call.metadata(new MetadataKey<>("jwt", "sub", Boolean.class)))
                .isNull();
        assertThat(call.metadata(new MetadataKey<>("jwt", "ok", Boolean.class))).isTrue();
    }

    @Test
    void itNeedsAPath() {
        assertThatThrownBy(() -> line(new Format.Text("%DYNAMIC_METADATA%", false)))
                .isInstanceOf(BadFormat.class)
                .hasMessageContaining("DYNAMIC_METADATA requires parameters");
    }
}
