package io.grpcweb.gateway.telemetry.logs;

import io.grpcweb.gateway.config.AccessLogConfig.Format;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.http.Substitution;
import io.grpcweb.gateway.telemetry.export.ProtoWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code opentelemetry.proto.common.v1.AnyValue}: what stands in it for an exchange. */
@FunctionalInterface
interface AnyValue {
    int STRING = 1;
    int ARRAY = 5;
    int LIST = 6;

    /** Writes the one field of the message. */
    void write(StreamInfo info, ProtoWriter out);

    /** A text with operators, or a map or a list of such. */
    static AnyValue of(Object value, Substitution.Compiler compiler) {
        if (value instanceof Map<?, ?> map) {
            Map<String, AnyValue> members = members(map, compiler);
            return (info, out) -> {
                int list = out.open(LIST);
                members.forEach((name, member) -> member(1, name, member, info, out));
                out.close(list);
            };
        }
        if (value instanceof List<?> list) {
            List<AnyValue> items = list.stream().map(item -> of(item, compiler)).toList();
            return (info, out) -> {
                int array = out.open(ARRAY);
                for (AnyValue item : items) {
                    int one = out.open(1);
                    item.write(info, out);
                    out.close(one);
                }
                out.close(array);
            };
        }
        Substitution text = compiler.body(new Format.Text(String.valueOf(value), false));
        return (info, out) -> out.oneBytes(STRING, text.of(info).getBytes(StandardCharsets.UTF_8));
    }

    /** The values of a map. */
    static Map<String, AnyValue> members(Map<?, ?> map, Substitution.Compiler compiler) {
        Map<String, AnyValue> members = new LinkedHashMap<>();
        map.forEach((name, value) -> members.put(name.toString(), of(value, compiler)));
        return members;
    }

    /** Writes a {@code KeyValue} in a field. */
    static void member(int field, String name, AnyValue value, StreamInfo info, ProtoWriter out) {
        int member = out.open(field);
        out.oneBytes(1, name.getBytes(StandardCharsets.UTF_8));
        int any = out.open(2);
        value.write(info, out);
        out.close(any);
        out.close(member);
    }

    /** The same with a text that is ready. */
    static void text(int field, String name, String text, ProtoWriter out) {
        member(field, name, (info, to) -> to.oneBytes(STRING, text.getBytes(StandardCharsets.UTF_8)), null, out);
    }
}
