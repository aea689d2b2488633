package io.grpcweb.gateway.filter.compressor;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.filter.compressor.Negotiation.Choice;
import io.grpcweb.gateway.filter.compressor.Negotiation.Offer;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which coding a client gets. */
final class NegotiationTest {
    private static final ContentTypes JSON = new ContentTypes(List.of(ContentTypes.exactly("application/json")));

    private static String choose(boolean own, String accepted, boolean brFirst) {
        List<Offer> offers = List.of(
                new Offer("gzip", JSON, false),
                new Offer("br", JSON, brFirst),
                new Offer("gzip", JSON, false),
                new Offer("zstd", JSON, false));
        Choice choice = new Negotiation(offers, own).choose(accepted, "application/json");
        return choice.token() + " " + choice.reason();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip                          | gzip NAMED",
                "br, gzip                      | br NAMED",
                "gzip;q=0.5, br;q=0.9          | br NAMED",
                "gzip;q=1, br;q=1              | gzip NAMED",
                "gzip ; q = 0.5 , br ; Q=0.9   | br NAMED",
                "gzip;level=3, br;q=0.9        | gzip NAMED",
                "GZIP                          | identity NOT_VALID",
                "x-gzip                        | identity NOT_VALID",
                "''                            | identity NOT_VALID",
                "gzip;q=0                      | identity NOT_VALID",
                "gzip;q=a, br;q=0.1            | br NAMED",
                "*                             | gzip WILDCARD",
                "gzip;q=0, *                   | br WILDCARD",
                "br;q=0.1, *;q=0.5             | gzip WILDCARD",
                "identity                      | identity IDENTITY",
                "identity;q=0.5, gzip;q=0.4    | identity IDENTITY",
                "identity;q=0, *;q=0.5         | gzip WILDCARD",
                "gzip;q=0, br;q=0, zstd;q=0, * | identity NOT_VALID",
            })
    void theClientsOrderDecides(String accepted, String expected) {
        assertThat(choose(false, accepted, false)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip, br                   | br NAMED",
                "gzip, br;q=0.9             | gzip NAMED",
                "gzip;q=0.9, zstd, br       | br NAMED",
                "gzip, zstd                 | gzip NAMED",
                "br;q=0                     | identity NOT_VALID",
            })
    void anOfferWantsToBeTheFirst(String accepted, String expected) {
        assertThat(choose(false, accepted, true)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip, deflate, br, zstd    | gzip NAMED",
                "br, gzip                   | gzip NAMED",
                "BR, GZIP;q=0.9             | br NAMED",
                "zstd, *;q=0.1              | zstd NAMED",
                "*;q=0.1                    | gzip WILDCARD",
                "identity, br;q=0.5         | identity IDENTITY",
                "deflate                    | identity NOT_VALID",
                "gzip;q=0                   | identity NOT_VALID",
            })
    void theOffersOrderDecides(String accepted, String expected) {
        assertThat(choose(true, accepted, false)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"application/json, gzip", "text/plain, identity", ", gzip"})
    void anOfferIsForItsTypes(String type, String expected) {
        Negotiation one = new Negotiation(List.of(new Offer("gzip", JSON, false)), false);
        assertThat(one.choose("gzip", type).token()).isEqualTo(expected);
    }
}
