package io.grpcweb.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.grpcweb.gateway.http.HeaderBlock;
import java.nio.charset.StandardCharsets;

/** Paths: their normal form is one, and nothing climbs out of it. */
class PathFuzzTest {

    @FuzzTest(maxDuration = "15m")
    void theNormalFormOfANormalFormIsItself(byte[] input) {
        String path = "/" + new String(input, StandardCharsets.ISO_8859_1).split("\\?", 2)[0];
        String normal = HeaderBlock.isTarget(path) ? PathForm.normalize(path) : null;
        if (normal == null) {
            return;
        }
        assertThat(normal).startsWith("/");
        assertThat(PathForm.normalize(normal)).isEqualTo(normal);
        assertThat(normal.split("/", -1)).doesNotContain("..").doesNotContain(".");
    }

    @FuzzTest(maxDuration = "15m")
    void slashesAreMergedOnce(byte[] input) {
        String path = "/" + new String(input, StandardCharsets.ISO_8859_1);
        String merged = PathForm.mergeSlashes(path);
        assertThat(PathForm.mergeSlashes(merged)).isEqualTo(merged);
        assertThat(merged.split("\\?", 2)[0]).doesNotContain("//");
    }
}
