import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.grpcweb.sample.order.Order;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Set;

/** Prints the descriptor set of the sample backend in base64. Run with the libraries of the sample backend. */
final class Descriptors {
    public static void main(String[] arguments) {
        Set<FileDescriptor> files = new LinkedHashSet<>();
        add(Order.getDescriptor().getFile(), files);
        FileDescriptorSet.Builder set = FileDescriptorSet.newBuilder();
        files.forEach(file -> set.addFile(file.toProto()));
        System.out.println(Base64.getEncoder().encodeToString(set.build().toByteArray()));
    }

    private static void add(FileDescriptor file, Set<FileDescriptor> files) {
        file.getDependencies().forEach(dependency -> add(dependency, files));
        files.add(file);
    }
}
