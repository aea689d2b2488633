package io.grpcweb.gateway.testing;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a collector of OTLP was sent. */
public final class Spans implements AutoCloseable {
    private static final String METHOD = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

    private final ScriptedBackend service = new ScriptedBackend().on(METHOD, call -> {
        call.awaitEnd();
        call.head().data(ProtoFields.of().frame()).trailers("grpc-status", "0");
    });
    private final List<ProtoFields> requests = new ArrayList<>();
    private final List<Span> waiting = new ArrayList<>();

    /** One span. */
    public record Span(ProtoFields fields) {
        public String name() {
            return fields.text(5);
        }

        public String traceId() {
            return hex(1);
        }

        public String id() {
            return hex(2);
        }

        /** The value of {@code tracestate}; empty for none. */
        public String state() {
            return fields.has(3) ? fields.text(3) : "";
        }

        /** Empty for none. */
        public String parent() {
            return fields.has(4) ? hex(4) : "";
        }

        /** 2 is SERVER, 3 is CLIENT. */
        public long kind() {
            return fields.whole(6);
        }

        public boolean isError() {
            return fields.has(15) && fields.at(15).whole(3) == 2;
        }

        public Map<String, String> tags() {
            return attributes(fields, 9);
        }

        public List<String> events() {
            return fields.all(11).stream().map(event -> event.text(2)).toList();
        }

        private String hex(int field) {
            ByteString bytes =
                    fields.fields().getField(field).getLengthDelimitedList().get(0);
            return HexFormat.of().formatHex(bytes.toByteArray());
        }
    }

    public int port() {
        return service.port();
    }

    /** The service itself. */
    public ScriptedBackend service() {
        return service;
    }

    /** The next span, in the order in which they were sent. */
    public Span next() {
        while (waiting.isEmpty()) {
            ProtoFields request = ProtoFields.ofFrame(service.next().awaitEnd());
            requests.add(request);
            waiting.addAll(of(request));
        }
        return waiting.remove(0);
    }

    /** All spans of a request. */
    public static List<Span> of(ProtoFields request) {
        List<Span> found = new ArrayList<>();
        for (ProtoFields resource : request.all(1)) {
            resource.all(2).forEach(scope -> scope.all(2).forEach(span -> found.add(new Span(span))));
        }
        return found;
    }

    /** What the last spans were from. */
    public Map<String, String> resource() {
        return attributes(requests.get(requests.size() - 1).at(1, 1), 1);
    }

    private static Map<String, String> attributes(ProtoFields owner, int field) {
        Map<String, String> found = new TreeMap<>();
        for (ProtoFields attribute : owner.all(field)) {
            ProtoFields value = attribute.at(2);
            found.put(attribute.text(1), value.has(3) ? Long.toString(value.whole(3)) : value.text(1));
        }
        return found;
    }

    @Override
    public void close() {
        service.close();
    }
}
