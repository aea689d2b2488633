package io.grpcweb.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Texts of strangers: whatever they are, there is an answer, and it is in its range. */
class FieldsFuzzTest {
    private static final long LARGEST = TimeUnit.HOURS.toNanos(99_999_999);

    @FuzzTest(maxDuration = "15m")
    void aTimeoutIsATimeOrNone(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        long nanos = GrpcTimeout.parse(text);
        assertThat(nanos).isBetween(-1L, LARGEST);
        if (nanos >= 0) {
            long again = GrpcTimeout.parse(GrpcTimeout.format(nanos));
            assertThat(again).isBetween(0L, nanos);
        }
    }

    @FuzzTest(maxDuration = "15m")
    void aMessageBecomesPrintableAndStaysWhatItSays(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        String clean = PercentEncoding.clean(text).toString();
        assertThat(clean.chars()).allMatch(c -> c >= 0x20 && c <= 0x7e);
        assertThat(PercentEncoding.clean(clean).toString()).as("once is enough").isEqualTo(clean);
        String utf8 = new String(input, StandardCharsets.UTF_8);
        assertThat(PercentEncoding.decode(PercentEncoding.encode(utf8))).isEqualTo(utf8);
    }

    @FuzzTest(maxDuration = "15m")
    void aMediaTypeHasAForm(byte[] input) {
        assertThat(MediaType.formatOf(new String(input, StandardCharsets.ISO_8859_1)))
                .isNotNull();
    }

    @FuzzTest(maxDuration = "15m")
    void aRangeOfTextForTheLogHasNoControls(byte[] input) {
        String shown = ForeignText.of(new String(input, StandardCharsets.UTF_8));
        assertThat(shown.chars()).noneMatch(Character::isISOControl);
    }
}
