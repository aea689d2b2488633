package io.grpcweb.gateway.overload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PressureTest {
    @TempDir
    private Path folder;

    private void write(String name, String text) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        Files.writeString(folder.resolve(name), text);
    }

    @Test
    void memoryIsShortWhereEitherPartOfItIs() {
        assertThat(MemoryPressure.of(50, 100, 10, 100, 0)).isEqualTo(0.5);
        assertThat(MemoryPressure.of(50, 100, 90, 100, 0)).isEqualTo(0.9);
        assertThat(MemoryPressure.of(50, 100, 10, 100, 1000)).isEqualTo(0.5);
        assertThat(MemoryPressure.of(50, 100, 10, 100, 80)).isEqualTo(0.75);
    }

    @Test
    void theMemoryOfThisProcessIsWithinItsBounds() {
        assertThat(new MemoryPressure(0).read()).isBetween(0.0, 1.0);
    }

    @Test
    void aControlGroupOfVersion2IsRead() throws IOException {
        write("memory.current", "300\n");
        write("memory.max", "max\n");
        assertThat(new CgroupPressure(folder, 0).read()).isZero();
        assertThat(new CgroupPressure(folder, 600).read()).isEqualTo(0.5);
        write("memory.max", "400\n");
        assertThat(new CgroupPressure(folder, 600).read()).isEqualTo(0.75);
    }

    @Test
    void aControlGroupOfVersion1IsRead() throws IOException {
        write("memory/memory.usage_in_bytes", "300\n");
        write("memory/memory.limit_in_bytes", "1200\n");
        assertThat(new CgroupPressure(folder, 0).read()).isEqualTo(0.25);
    }

    @Test
    void aFileMustHoldANumberFromZeroToOne() throws IOException {
        Path file = folder.resolve("pressure");
        Files.writeString(file, "0.25\n");
        assertThat(new FilePressure(file).read()).isEqualTo(0.25);
        for (String wrong : List.of("", "1.01", "-0.1", "much", "NaN")) {
            Files.writeString(file, wrong);
            assertThatThrownBy(() -> new FilePressure(file).read())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("'" + wrong + "'");
        }
    }

    @Test
    void descriptorsAreKeptBackForWhatIsNoClient() {
        List<String> limits = List.of(
                "Limit                     Soft Limit           Hard Limit           Units     ",
                "Max processes             31                   32                   processes ",
                "Max open files            1024                 4096                 files     ");
        assertThat(Descriptors.limit(limits)).hasValue(1024);
        assertThat(Descriptors.limit(List.of("Max open files            unlimited   unlimited   files")))
                .isEmpty();
        assertThat(Descriptors.connections(OptionalLong.of(1024), 100)).isEqualTo(1024 - 100 - 128);
        assertThat(Descriptors.connections(OptionalLong.of(256), 100)).isEqualTo(256 - 100 - 64);
        assertThat(Descriptors.connections(OptionalLong.of(1 << 20), 100)).isEqualTo(50_000);
        assertThat(Descriptors.connections(OptionalLong.of(64), 50)).isEqualTo(16);
        assertThat(Descriptors.connections(OptionalLong.empty(), 0)).isEqualTo(50_000);
    }
}
