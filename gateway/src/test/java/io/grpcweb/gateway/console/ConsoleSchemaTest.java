package io.grpcweb.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.BindableService;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Setup;
import io.grpcweb.gateway.testing.Shop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the services of a cluster are known from. */
class ConsoleSchemaTest {

    private static String described(DeskServer desk, String filters) {
        try (desk;
                RunningGateway gateway = RunningGateway.of(Setup.parse("""
                        listeners.main { listen = "127.0.0.1:0", access-log = [], filters = [%s router],
                          routes = [{ prefix = "/", cluster = desk }] }
                        clusters.desk { endpoints = ["127.0.0.1:%d"] }
                        admin.listen = "127.0.0.1:0"
                        """.formatted(filters, desk.port())));
                ConsolePage page = ConsolePage.open(gateway.adminPort())) {
            page.say("{'id':2,'do':'describe','cluster':'desk'}");
            return page.hear();
        }
    }

    private static String told(BindableService... reflection) {
        return described(new DeskServer(reflection), "");
    }

    @Test
    void byReflection() {
        assertThat(told(ProtoReflectionServiceV1.newInstance()))
                .startsWith("{'id':2,'is':'services','source':'reflection','why':'','services':[{'name':'desk.Desk'")
                .contains(
                        "{'name':'Talk','input':'desk.Note','output':'desk.Note','clientStreaming':true,'serverStreaming':true,")
                .contains(
                        "{'name':'count','json':'count','kind':'int32','repeated':false,'required':false,'presence':false}");
    }

    @Test
    @SuppressWarnings("deprecation") // the older version is what this is about
    void byTheOlderVersionOfReflection() {
        assertThat(told(ProtoReflectionService.newInstance())).contains("'source':'reflection'", "'name':'Talk'");
    }

    @Test
    void notAtAll() {
        assertThat(told())
                .isEqualTo("{'id':2,'is':'refused','reason':'the cluster desk does not tell its services by reflection"
                        + " (it has no reflection service), and the configuration names no descriptors'}");
    }

    /** Every kind of field is in it. */
    @Test
    void byTheDescriptorsOfTheConfiguration(@TempDir Path folder) throws IOException {
        Path set = Files.write(folder.resolve("shop.binpb"), Shop.descriptors());

        assertThat(described(
                        new DeskServer(),
                        "{ type = json, descriptors = \"%s\", services = [shop.Shop] },".formatted(set)))
                .startsWith("{'id':2,'is':'services','source':'descriptors','why':'it has no reflection service'")
                .contains(
                        "'name':'shop.Shop'",
                        "'kind':'map'",
                        "'kind':'enum'",
                        "'oneof':",
                        "'google.protobuf.Timestamp'");
    }
}
