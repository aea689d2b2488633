package io.grpcweb.gateway.http;

import io.grpcweb.gateway.config.HeaderRules;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What one place of the configuration changes of a head: first names go, then fields come (Envoy's HeaderParser). */
public final class HeaderEdit {
    private final AsciiString[] removed;
    private final Field[] added;

    /** Fields of which a head has one, to which Envoy appends behind a comma; others get a line of their own. */
    private static final Set<String> LISTS = Set.of(
            "accept",
            "accept-encoding",
            "authorization",
            "cache-control",
            "content-encoding",
            "content-type",
            "expect",
            "grpc-accept-encoding",
            "grpc-message",
            "grpc-status",
            "grpc-timeout",
            "origin",
            "referer",
            "te",
            "user-agent",
            "vary",
            "via",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-port",
            "x-forwarded-proto",
            "x-request-id");

    private record Field(
            AsciiString name, Substitution value, HeaderRules.Action action, boolean keepEmpty, boolean list) {
        void append(Http2Headers head, String text) {
            if (list && head.contains(name)) {
                head.set(name, FieldValues.joined(head, name) + "," + text);
            } else {
                head.add(name, text);
            }
        }
    }

    private record Change(Field field, String value) {}

    public HeaderEdit(List<HeaderRules.Add> add, List<String> remove, Substitution.Compiler compiler) {
        removed = remove.stream().map(AsciiString::cached).toArray(AsciiString[]::new);
        added = add.stream()
                .map(one -> new Field(
                        AsciiString.cached(one.name()),
                        compiler.field(one.value()),
                        one.action(),
                        one.keepEmpty(),
                        LISTS.contains(one.name())))
                .toArray(Field[]::new);
    }

    /** Changes a head. All values are taken from it as it was before the first field came. */
    public void apply(Http2Headers head, StreamInfo info) {
        for (AsciiString name : removed) {
            head.remove(name);
        }
        if (added.length <= 1) {
            // Most edits are one field, for which nothing has to be kept.
            for (Field field : added) {
                apply(field, head, info);
            }
            return;
        }
        List<Change> appended = new ArrayList<>(added.length);
        List<Change> replaced = new ArrayList<>(added.length);
        for (Field field : added) {
            String value = field.value.of(info);
            if (value.isEmpty() && !field.keepEmpty) {
                continue;
            }
            Change change = new Change(field, value);
            switch (field.action) {
                case APPEND -> appended.add(change);
                case ADD_IF_ABSENT -> {
                    if (!head.contains(field.name)) {
                        appended.add(change);
                    }
                }
                case OVERWRITE_OR_ADD -> replaced.add(change);
                case OVERWRITE_IF_EXISTS -> {
                    if (head.contains(field.name)) {
                        replaced.add(change);
                    }
                }
            }
        }
        replaced.forEach(change -> head.set(change.field.name, change.value));
        appended.forEach(change -> change.field.append(head, change.value));
    }

    private static void apply(Field field, Http2Headers head, StreamInfo info) {
        String value = field.value.of(info);
        if (value.isEmpty() && !field.keepEmpty) {
            return;
        }
        switch (field.action) {
            case APPEND -> field.append(head, value);
            case ADD_IF_ABSENT -> {
                if (!head.contains(field.name)) {
                    head.add(field.name, value);
                }
            }
            case OVERWRITE_OR_ADD -> head.set(field.name, value);
            case OVERWRITE_IF_EXISTS -> {
                if (head.contains(field.name)) {
                    head.set(field.name, value);
                }
            }
        }
    }
}
