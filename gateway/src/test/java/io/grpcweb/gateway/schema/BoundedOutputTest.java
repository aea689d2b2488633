package io.grpcweb.gateway.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class BoundedOutputTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final BoundedOutput output = new BoundedOutput(bytes, 4);

    @Test
    void asManyBytesAsAllowedPass() throws IOException {
        output.write('a');
        output.write(new byte[] {'x', 'b', 'c', 'd', 'x'}, 1, 3);
        assertThat(bytes).hasToString("abcd");
    }

    @Test
    void theNextOneIsRefused() throws IOException {
        output.write(new byte[4]);
        assertThatThrownBy(() -> output.write('e'))
                .isInstanceOf(IOException.class)
                .hasMessage("it has more than 4 bytes");
    }

    @Test
    void nothingOfAPartThatIsTooLongPasses() throws IOException {
        output.write('a');
        assertThatThrownBy(() -> output.write(new byte[4])).isInstanceOf(IOException.class);
        assertThat(bytes).hasToString("a");
    }
}
