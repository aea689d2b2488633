package io.grpcweb.gateway.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import io.grpcweb.gateway.testing.Shop;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProtoSchemaTest {

    private static FileDescriptorProto file(String name, String... imports) {
        FileDescriptorProto.Builder file =
                FileDescriptorProto.newBuilder().setName(name).setSyntax("proto3");
        for (String wanted : imports) {
            file.addDependency(wanted);
        }
        return file.build();
    }

    private static FileDescriptorSet set(FileDescriptorProto... files) {
        return FileDescriptorSet.newBuilder().addAllFile(List.of(files)).build();
    }

    @Test
    void methodsAreFoundByTheirPaths() {
        ProtoSchema schema = Shop.schema();

        RpcMethod method = schema.method("/shop.Shop/ListItems");

        assertThat(method.input().getFullName()).isEqualTo("shop.Query");
        assertThat(method.output().getFullName()).isEqualTo("shop.Item");
        assertThat(method.serverStreaming()).isTrue();
        assertThat(method.clientStreaming()).isFalse();
        assertThat(method.withoutSideEffects()).isFalse();
        assertThat(schema.method("/shop.Shop/Nothing")).isNull();
        assertThat(schema.service("shop.Shop").getMethods()).hasSize(16);
    }

    @Test
    void errorDetailsAreKnownToEverySchema() {
        assertThat(Shop.schema().message("google.rpc.ErrorInfo")).isNotNull();
    }

    @Test
    void twoOfTheSameDescriptorsAreEqual() {
        assertThat(Shop.schema()).isEqualTo(Shop.schema()).hasSameHashCodeAs(Shop.schema());
    }

    @Test
    void bytesThatAreNoSet() {
        assertThatThrownBy(() -> ProtoSchema.of(new byte[] {1, 2, 3}))
                .isInstanceOf(BadDescriptors.class)
                .hasMessage("this is no descriptor set: make it with protoc --include_imports --descriptor_set_out");
        assertThatThrownBy(() -> ProtoSchema.of(new byte[0]))
                .isInstanceOf(BadDescriptors.class)
                .hasMessageStartingWith("the descriptor set has no files");
    }

    @Test
    void anImportThatIsMissing() {
        assertThatThrownBy(() -> ProtoSchema.of(set(file("a.proto", "b.proto"))))
                .isInstanceOf(BadDescriptors.class)
                .hasMessage("the file 'a.proto' imports 'b.proto', which the descriptor set does not have: make it with"
                        + " protoc --include_imports");
    }

    @Test
    void importsInACircle() {
        assertThatThrownBy(() -> ProtoSchema.of(
                        set(file("a.proto", "b.proto"), file("b.proto", "c.proto"), file("c.proto", "a.proto"))))
                .isInstanceOf(BadDescriptors.class)
                .hasMessage("the files 'c.proto' and 'a.proto' import each other");
    }

    @Test
    void aChainOfImportsMayBeLong() throws Exception {
        FileDescriptorSet.Builder chain = FileDescriptorSet.newBuilder();
        for (int i = 0; i < 3000; i++) {
            chain.addFile(i == 2999 ? file("f" + i) : file("f" + i, "f" + (i + 1)));
        }

        assertThat(ProtoSchema.of(chain.build())).isNotNull();
    }

    @Test
    void oneFileInTwoForms() {
        assertThatThrownBy(() -> ProtoSchema.of(set(file("b.proto"), file("a.proto"), file("a.proto", "b.proto"))))
                .isInstanceOf(BadDescriptors.class)
                .hasMessage("the descriptor set has two different files 'a.proto'");
    }

    @Test
    void aFieldOfATypeThatIsNotThere() {
        FileDescriptorProto file = file("a.proto").toBuilder()
                .addMessageType(DescriptorProto.newBuilder()
                        .setName("M")
                        .addField(FieldDescriptorProto.newBuilder()
                                .setName("f")
                                .setNumber(1)
                                .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL)
                                .setTypeName(".no.Such")))
                .build();

        assertThatThrownBy(() -> ProtoSchema.of(set(file)))
                .isInstanceOf(BadDescriptors.class)
                .hasMessageStartingWith("the file 'a.proto' contradicts itself: ");
    }

    @Test
    void aFileThatIsNotThere() {
        assertThatThrownBy(() -> ProtoSchema.load(new DescriptorSource.InFile("no/such.binpb")))
                .isInstanceOf(BadDescriptors.class)
                .hasMessageStartingWith("the file 'no/such.binpb' cannot be read");
    }
}
