package io.grpcweb.gateway.schema;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts the files of a set together, each after those that it imports. A set may come from anywhere: it may be cut off, lack
 * imports, import itself in a circle of any length, or name a file twice.
 */
final class DescriptorFiles {
    private final Map<String, FileDescriptorProto> files = new LinkedHashMap<>();
    private final Map<String, FileDescriptor> linked = new HashMap<>();

    private DescriptorFiles(List<FileDescriptorProto> given) throws BadDescriptors {
        for (FileDescriptorProto file : given) {
            FileDescriptorProto before = files.putIfAbsent(file.getName(), file);
            if (before != null && !before.equals(file)) {
                throw new BadDescriptors("the descriptor set has two different files '" + file.getName() + "'");
            }
        }
    }

    static FileDescriptorSet parse(byte[] bytes) throws BadDescriptors {
        try {
            FileDescriptorSet set = FileDescriptorSet.parseFrom(bytes, BuiltIn.EXTENSIONS);
            if (set.getFileCount() == 0) {
                throw new BadDescriptors("the descriptor set has no files: make it with protoc"
                        + " --include_imports --descriptor_set_out");
            }
            return set;
        } catch (InvalidProtocolBufferException e) {
            throw new BadDescriptors(
                    "this is no descriptor set: make it with protoc --include_imports --descriptor_set_out", e);
        }
    }

    /** The files in the order in which they were given. */
    static List<FileDescriptor> link(List<FileDescriptorProto> given) throws BadDescriptors {
        DescriptorFiles all = new DescriptorFiles(given);
        List<FileDescriptor> found = new ArrayList<>();
        for (FileDescriptorProto file : all.files.values()) {
            all.link(file);
            found.add(all.linked.get(file.getName()));
        }
        return found;
    }

    /** A chain of imports may be longer than the stack of a thread. */
    private void link(FileDescriptorProto first) throws BadDescriptors {
        Deque<FileDescriptorProto> open = new ArrayDeque<>();
        Map<String, Integer> next = new HashMap<>();
        open.push(first);
        while (!open.isEmpty()) {
            FileDescriptorProto file = open.peek();
            if (linked.containsKey(file.getName())) {
                open.pop();
                continue;
            }
            int at = next.merge(file.getName(), 1, Integer::sum) - 1;
            if (at == file.getDependencyCount()) {
                linked.put(file.getName(), build(file));
                open.pop();
                continue;
            }
            String wanted = file.getDependency(at);
            if (linked.containsKey(wanted)) {
                continue;
            }
            if (next.containsKey(wanted)) {
                throw new BadDescriptors("the files '" + file.getName() + "' and '" + wanted + "' import each other");
            }
            FileDescriptorProto found = files.get(wanted);
            if (found == null) {
                throw new BadDescriptors("the file '" + file.getName() + "' imports '" + wanted
                        + "', which the descriptor set does not have: make it with protoc --include_imports");
            }
            open.push(found);
        }
    }

    private FileDescriptor build(FileDescriptorProto file) throws BadDescriptors {
        FileDescriptor[] imports =
                file.getDependencyList().stream().map(linked::get).toArray(FileDescriptor[]::new);
        try {
            return FileDescriptor.buildFrom(file, imports);
        } catch (DescriptorValidationException | RuntimeException e) {
            throw new BadDescriptors("the file '" + file.getName() + "' contradicts itself: " + e.getMessage(), e);
        }
    }
}
