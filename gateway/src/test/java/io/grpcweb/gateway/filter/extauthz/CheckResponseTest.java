package io.grpcweb.gateway.filter.extauthz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.testing.ProtoFields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What an answer of a service over gRPC says. */
final class CheckResponseTest {

    private static Decision read(ProtoFields message) throws IOException {
        return CheckResponse.read(Unpooled.wrappedBuffer(message.fields().toByteArray()));
    }

    @Test
    void anEmptyAnswerPasses() throws IOException {
        assertThat(read(ProtoFields.of()).verdict).isEqualTo(Decision.Verdict.PASS);
    }

    @Test
    void anErrorOfTheServiceIsOne() throws IOException {
        Decision decision = read(
                ProtoFields.of(1, ProtoFields.of(1, 13), 5, ProtoFields.of(1, ProtoFields.of(1, 502), 3, "broken")));
        assertThat(decision.verdict).isEqualTo(Decision.Verdict.ERROR);
        assertThat(decision.status).isEqualTo(502);
        assertThat(decision.text).isEqualTo("broken");
    }

    @Test
    void metadataKeepsItsTypes() throws IOException {
        ProtoFields inner = ProtoFields.of(1, ProtoFields.of(1, "a", 2, ProtoFields.of(4, true)));
        ProtoFields items = ProtoFields.of(1, ProtoFields.of(2, 1.5), 1, ProtoFields.of(1, 0));
        Decision decision = read(ProtoFields.of(
                4,
                ProtoFields.of(
                        1, ProtoFields.of(1, "text", 2, ProtoFields.of(3, "caf\u00e9")),
                        1, ProtoFields.of(1, "map", 2, ProtoFields.of(5, inner)),
                        1, ProtoFields.of(1, "list", 2, ProtoFields.of(6, items)))));
        assertThat(decision.metadata).containsEntry("text", "caf\u00e9").containsEntry("map", Map.of("a", true));
        assertThat(decision.metadata.get("list")).isEqualTo(Arrays.asList(1.5, null));
    }

    @Test
    void aStructThatIsTooDeepIsRefused() {
        ProtoFields value = ProtoFields.of(3, "bottom");
        for (int i = 0; i < 5000; i++) {
            value = ProtoFields.of(6, ProtoFields.of(1, value));
        }
        ProtoFields message = ProtoFields.of(4, ProtoFields.of(1, ProtoFields.of(1, "deep", 2, value)));
        assertThatThrownBy(() -> read(message)).isInstanceOf(IOException.class).hasMessageContaining("levels");
    }

    @Test
    void garbageIsNeverMoreThanAnError() {
        Random random = new Random(4711);
        int broken = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            ByteBuf message = Unpooled.wrappedBuffer(bytes);
            try {
                CheckResponse.read(message);
            } catch (IOException e) {
                broken++;
            }
        }
        assertThat(broken).isGreaterThan(10_000);
    }
}
