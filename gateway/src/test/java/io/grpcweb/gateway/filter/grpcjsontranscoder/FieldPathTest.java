package io.grpcweb.gateway.filter.grpcjsontranscoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Descriptors.Descriptor;
import io.grpcweb.gateway.testing.Shop;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class FieldPathTest {
    /** {@code message Upl { string name = 1; Upl in = 3; ... }} */
    private static final Descriptor TYPE = Shop.schema().message("shop.Upl");

    private static int length(String... names) throws FieldPath.NotFound {
        return FieldPath.resolve(TYPE, List.of(names)).size();
    }

    @Test
    void namesLeadThroughMessages() throws Exception {
        assertThat(length("in", "in", "name")).isEqualTo(3);
    }

    @Test
    void namesThatLeadNowhere() {
        assertThatThrownBy(() -> length("in", "out"))
                .hasMessage("Could not find field \"out\" in the type \"shop.Upl\".");
        assertThatThrownBy(() -> length("name", "in")).hasMessageContaining("non-leaf field \"name\"");
    }

    /** A query could otherwise make messages so deep in each other that nothing writes them. */
    @Test
    void soManyMessagesInEachOtherAreFollowed() throws Exception {
        assertThat(FieldPath.resolve(TYPE, Collections.nCopies(100, "in"))).hasSize(100);
        assertThatThrownBy(() -> FieldPath.resolve(TYPE, Collections.nCopies(101, "in")))
                .hasMessage("A field path has 101 names, at most 100 are followed.");
    }
}
