package io.grpcweb.gateway.downstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.junit.jupiter.api.Test;

final class DateClockTest {
    @Test
    void aDateIsWrittenAsInTheExampleOfTheStandard() {
        OffsetDateTime time = OffsetDateTime.of(1994, 11, 6, 8, 49, 37, 0, ZoneOffset.UTC);

        assertThat(DateClock.text(time)).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
    }

    @Test
    void everyDayOfALeapYearHasItsName() {
        DateTimeFormatter expected = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);

        for (LocalDate day = LocalDate.of(2028, 1, 1); day.getYear() == 2028; day = day.plusDays(1)) {
            OffsetDateTime time = day.atTime(23, 5, 9).atOffset(ZoneOffset.UTC);
            assertThat(DateClock.text(time)).isEqualTo(time.format(expected));
        }
    }
}
