package io.grpcweb.gateway.filter.ratelimitservice;

import io.grpcweb.gateway.filter.service.ProtoReader;
import io.grpcweb.gateway.filter.service.Structs;
import io.grpcweb.gateway.filter.service.Utf8;
import io.grpcweb.gateway.http.HeaderBlock;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads {@code envoy.service.ratelimit.v3.RateLimitResponse} (rls.proto). */
final class RateLimitAnswer implements ProtoReader.Fields {
    static final int OVER_LIMIT = 2;

    private long code;
    private final List<LimitStatus> statuses = new ArrayList<>(1);
    private final List<Map.Entry<String, String>> forResponse = new ArrayList<>(0);
    private final List<Map.Entry<String, String>> forRequest = new ArrayList<>(0);
    private final Map<String, Object> metadata = new LinkedHashMap<>(0);
    private String text = "";

    private RateLimitAnswer() {}

    /**
     * The answer in a message.
     *
     * @throws IOException where it is none
     */
    static RateLimitAnswer read(ByteBuf lent) throws IOException {
        RateLimitAnswer answer = new RateLimitAnswer();
        new ProtoReader(lent).read(answer);
        return answer;
    }

    boolean isOverLimit() {
        return code == OVER_LIMIT;
    }

    /** Of each descriptor, in their order. */
    List<LimitStatus> statuses() {
        return statuses;
    }

    /** Fields that the response gets. */
    List<Map.Entry<String, String>> forResponse() {
        return forResponse;
    }

    /** Fields that the request gets. */
    List<Map.Entry<String, String>> forRequest() {
        return forRequest;
    }

    Map<String, Object> metadata() {
        return metadata;
    }

    /** The body of a refusal; may be empty. */
    String text() {
        return text;
    }

    @Override
    public void field(int number, ProtoReader in) throws IOException {
        switch (number) {
            case 1 -> code = in.whole();
            case 2 -> statuses.add(in.message(LimitStatus::new));
            case 3 -> add(in.message(Value::new), forResponse);
            case 4 -> add(in.message(Value::new), forRequest);
            case 5 -> text = Utf8.text(in.bytes().asReadOnlyByteBuffer());
            case 6 -> metadata.putAll(Structs.read(in));
            default -> {}
        }
    }

    /** What no message can have is left out. */
    private static void add(Value field, List<Map.Entry<String, String>> to) {
        if (HeaderBlock.isToken(field.key) && HeaderBlock.isValue(field.value)) {
            to.add(Map.entry(field.key.toLowerCase(Locale.ROOT), field.value));
        }
    }

    /** {@code envoy.config.core.v3.HeaderValue}. */
    private static final class Value implements ProtoReader.Fields {
        private String key = "";
        private String value = "";

        @Override
        public void field(int number, ProtoReader in) throws IOException {
            if (number == 1) {
                key = in.text();
            } else if (number == 2) {
                value = Utf8.bytes(in.text());
            }
        }
    }
}
