package io.grpcweb.gateway.config.hocon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.RouteConfig;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Methods that say that they may be executed more than once. */
class DescriptorSetsTest {
    @TempDir
    Path folder;

    private static byte[] field(int number, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream field = new ByteArrayOutputStream();
        field.write(number << 3 | 2);
        field.write(content.size());
        field.writeBytes(content.toByteArray());
        return field.toByteArray();
    }

    private static byte[] text(int number, String text) {
        return field(number, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Options with deprecated (33) and idempotency_level (34), whose tags take two bytes. */
    private static byte[] method(String name, int level) {
        byte[] options = {(byte) 0x88, 2, 1, (byte) 0x90, 2, (byte) level};
        return field(2, text(1, name), text(2, ".shop.Request"), field(4, options));
    }

    private GatewayConfig read(byte[] set) throws Exception {
        Path file = Files.write(folder.resolve("api.pb"), set);
        return Configs.parse(
                "descriptor-sets = [\"" + file + "\"], listeners.main {}, clusters.a.endpoints = [\"127.0.0.1:1\"]",
                "test.conf");
    }

    @Test
    void methodsWithoutSideEffectsAndIdempotentOnesAreKnownByTheirPaths() throws Exception {
        byte[] file = field(
                1,
                text(1, "shop.proto"),
                text(2, "shop"),
                field(6, text(1, "Orders"), method("Get", 1), method("Put", 2), method("Create", 0)));
        byte[] bare = field(1, text(1, "a.proto"), field(6, text(1, "Bare"), method("Ask", 1)));
        ByteArrayOutputStream set = new ByteArrayOutputStream();
        set.writeBytes(file);
        set.writeBytes(bare);

        RouteConfig.Forward forward = (RouteConfig.Forward)
                FirstListener.route(read(set.toByteArray())).action();
        assertThat(forward.resend().idempotent())
                .containsExactlyInAnyOrder("/shop.Orders/Get", "/shop.Orders/Put", "/Bare/Ask");
    }

    @Test
    void aFileThatIsSomethingElseIsNamed() {
        assertThatThrownBy(() -> read("syntax = \"proto3\";".getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("test.conf:1: descriptor-sets: the file '" + folder.resolve("api.pb")
                        + "' is no descriptor set: make it with protoc");
    }
}
