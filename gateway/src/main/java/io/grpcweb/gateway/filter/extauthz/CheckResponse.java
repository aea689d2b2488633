package io.grpcweb.gateway.filter.extauthz;

import io.grpcweb.gateway.filter.service.ProtoReader;
import io.grpcweb.gateway.filter.service.Structs;
import io.grpcweb.gateway.filter.service.Utf8;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Reads {@code envoy.service.auth.v3.CheckResponse} (external_auth.proto). */
final class CheckResponse implements ProtoReader.Fields {
    private final Decision decision = new Decision();
    private long code;
    private boolean isError;
    private final Map<String, Object> metadata = new LinkedHashMap<>(0);

    /** The one of {@code ok_response}, which comes before that of the message. */
    private final Map<String, Object> older = new LinkedHashMap<>(0);

    private CheckResponse() {}

    /**
     * The decision in a message.
     *
     * @throws IOException where it is none
     */
    static Decision read(ByteBuf lent) throws IOException {
        CheckResponse response = new CheckResponse();
        new ProtoReader(lent).read(response);
        return response.decided();
    }

    private Decision decided() {
        decision.verdict = code == 0 ? Decision.Verdict.PASS : isError ? Decision.Verdict.ERROR : Decision.Verdict.DENY;
        boolean passes = decision.verdict == Decision.Verdict.PASS;
        decision.metadata.putAll(passes && !older.isEmpty() ? older : metadata);
        return decision;
    }

    @Override
    public void field(int number, ProtoReader in) throws IOException {
        switch (number) {
            case 1 ->
                // google.rpc.Status
                in.message((field, status) -> {
                    if (field == 1) {
                        code = status.whole();
                    }
                });
            case 2, 5 -> {
                isError = number == 5;
                in.message(this::denied);
            }
            case 3 -> in.message(this::ok);
            case 4 -> metadata.putAll(Structs.read(in));
            default -> {}
        }
    }

    private void denied(int number, ProtoReader in) throws IOException {
        switch (number) {
            case 1 ->
                // envoy.type.v3.HttpStatus
                in.message((field, status) -> {
                    if (field == 1) {
                        decision.status = (int) status.whole();
                    }
                });
            case 2 -> {
                // One that is to be appended has nothing to stand beside, and is left out, as in Envoy.
                Option option = in.message(Option::new);
                if (!option.append) {
                    decision.set.add(option.field());
                }
            }
            case 3 -> decision.text = in.text();
            default -> {}
        }
    }

    private void ok(int number, ProtoReader in) throws IOException {
        switch (number) {
            case 2 -> {
                Option option = in.message(Option::new);
                (option.append ? decision.join : decision.replace).add(option.field());
            }
            case 3 -> older.putAll(Structs.read(in));
            case 5 -> decision.remove.add(in.text().toLowerCase(Locale.ROOT));
            case 6 -> decision.response.add(in.message(Option::new).field());
            case 7 -> {
                Value parameter = in.message(Value::new);
                decision.parameters.add(new Decision.Parameter(parameter.key, parameter.value));
            }
            case 8 -> decision.removedParameters.add(in.text());
            default -> {}
        }
    }

    /**
     * {@code envoy.config.core.v3.HeaderValue}, and {@code QueryParameter}, which looks the same. A {@code raw_value} is not
     * looked at, as in Envoy.
     */
    private static final class Value implements ProtoReader.Fields {
        private String key = "";
        private String value = "";

        @Override
        public void field(int number, ProtoReader in) throws IOException {
            switch (number) {
                case 1 -> key = in.text();
                case 2 -> value = Utf8.bytes(in.text());
                default -> {}
            }
        }
    }

    /** {@code envoy.config.core.v3.HeaderValueOption}; its {@code append_action} is not looked at, as in Envoy. */
    private static final class Option implements ProtoReader.Fields {
        private Value value = new Value();
        private boolean append;

        @Override
        public void field(int number, ProtoReader in) throws IOException {
            if (number == 1) {
                value = in.message(Value::new);
            } else if (number == 2) {
                // google.protobuf.BoolValue
                in.message((field, flag) -> append = field == 1 ? flag.flag() : append);
            }
        }

        Decision.Field field() {
            return new Decision.Field(value.key.toLowerCase(Locale.ROOT), value.value);
        }
    }
}
