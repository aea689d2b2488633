package io.grpcweb.gateway.console;

import io.grpcweb.gateway.filter.recorder.RecordedCall;
import io.grpcweb.gateway.schema.RpcMethod;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What one page does, while its socket is open. It owns the calls of the page: when the socket closes, they are cancelled. Before the
 * person has said that the page may call, it only shows. On the thread of the page.
 */
final class ConsoleSession implements ConsoleCall.Out {
    private static final int MOST_CALLS = 16;
    private static final String NO_CALL = "the call is over";

    private final Backends backends;
    private final EventExecutor page;
    private final Output output;
    private final Map<Long, ConsoleCall> calls = new HashMap<>();
    private final EventExecutor loop;
    private final Schemas schemas;
    private boolean mayCall;

    /** The way to the page; any thread. */
    interface Output {

        /** Sends a text; {@code written} runs on the thread of the page once it has left. */
        void send(String text, Runnable written);
    }

    /**
     * Of a page that has just opened its socket.
     *
     * @param page the thread of the page
     */
    ConsoleSession(Backends backends, EventExecutor page, Output output) {
        this.backends = backends;
        this.page = page;
        this.output = output;
        this.loop = backends.loop();
        this.schemas = new Schemas(backends, page, loop);
    }

    /** Nobody is there any more. */
    void close() {
        List.copyOf(calls.values()).forEach(ConsoleCall::abandon);
        calls.clear();
    }

    /** Takes a message of the page. */
    void take(String text) {
        long id = 0;
        try {
            Command command = Command.read(text);
            id = command.id();
            obey(command);
        } catch (Refusal e) {
            tell(Event.refused(id, e.getMessage()), () -> {});
        }
    }

    private void obey(Command command) throws Refusal {
        switch (command.verb()) {
            case "clusters" -> clusters(command.id());
            case "describe" -> describe(command);
            case "encode" -> encode(command);
            case "recorded" -> recorded(command.id());
            case "recording" -> recording(command);
            case "confirm" -> {
                mayCall = true;
                tell(Event.of(command.id(), "confirmed"), () -> {});
            }
            case "call" -> call(command);
            case "send" -> {
                ConsoleCall call = under(command.id());
                send(call, command.text("message"));
            }
            case "end" -> under(command.id()).end();
            case "cancel" -> under(command.id()).cancel();
            default -> throw new Refusal("there is no command '" + command.verb() + "'");
        }
    }

    private void clusters(long id) {
        Event event = Event.of(id, "clusters").with(json -> {
            json.writeArrayFieldStart("clusters");
            for (Backends.Reachable cluster : backends.clusters()) {
                json.writeStartObject();
                json.writeStringField("name", cluster.name());
                json.writeBooleanField("tls", cluster.tls());
                json.writeArrayFieldStart("endpoints");
                for (String endpoint : cluster.endpoints()) {
                    json.writeString(endpoint);
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("listeners");
            for (String listener : backends.listeners()) {
                json.writeString(listener);
            }
            json.writeEndArray();
        });
        tell(event, () -> {});
    }

    private void describe(Command command) throws Refusal {
        long id = command.id();
        schemas.find(
                command.text("cluster"),
                found -> tell(
                        Event.of(id, "services")
                                .with("source", found.source())
                                .with("why", found.why())
                                .with(new SchemaJson(found.api().schema())::write),
                        () -> {}),
                none -> tell(Event.refused(id, none.getMessage()), () -> {}));
    }

    private void encode(Command command) throws Refusal {
        Api api = schemas.of(command.text("cluster"));
        byte[] message = api.encode(api.method(command.text("method")).input(), command.text("message"));
        String base64 = Base64.getEncoder().encodeToString(message);
        tell(Event.of(command.id(), "encoded").with("base64", base64), () -> {});
    }

    private void recorded(long id) {
        Event event = Event.of(id, "recorded")
                .with(json -> json.writeBooleanField("on", backends.records()))
                .with(Recordings.list(backends.recorded()));
        tell(event, () -> {});
    }

    private void recording(Command command) throws Refusal {
        long id = command.id();
        String number = command.text("number");
        RecordedCall call = backends.recorded().stream()
                .filter(one -> Long.toString(one.number()).equals(number))
                .findFirst()
                .orElseThrow(() -> new Refusal("the call is not kept any more"));
        schemas.with(
                call.cluster(), api -> tell(Event.of(id, "recording").with(Recordings.whole(call, api)), () -> {}));
    }

    private void call(Command command) throws Refusal {
        if (!mayCall) {
            throw new Refusal("this page may only look so far: say that it may call first");
        }
        if (calls.containsKey(command.id())) {
            throw new Refusal("there is a call " + command.id() + " already");
        }
        if (calls.size() == MOST_CALLS) {
            throw new Refusal(MOST_CALLS + " calls of this page are open already: cancel one of them");
        }
        String cluster = command.text("cluster");
        Api api = schemas.of(cluster);
        RpcMethod method = api.method(command.text("method"));
        String message = command.texts().get("message");
        // The message is checked before anything of the call leaves.
        byte[] first = message == null ? null : api.encode(method.input(), message);
        ConsoleCall call = new ConsoleCall(command.id(), method, api, this, page, loop);
        call.open(
                backends, cluster, command.metadata(), deadline(command.texts().get("deadline")));
        calls.put(command.id(), call);
        tell(Event.of(command.id(), "opened"), () -> {});
        if (first != null) {
            call.send(first);
        }
        if (command.flag("end")) {
            call.end();
        }
    }

    /** Milliseconds; none where it is missing. */
    private static Duration deadline(String text) throws Refusal {
        if (text == null || text.isEmpty()) {
            return Duration.ZERO;
        }
        try {
            long millis = Long.parseLong(text);
            if (millis > 0) {
                return Duration.ofMillis(millis);
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new Refusal("the deadline '" + text + "' is no number of milliseconds above 0");
    }

    private static void send(ConsoleCall call, String message) throws Refusal {
        call.send(call.api().encode(call.method().input(), message));
    }

    private ConsoleCall under(long id) throws Refusal {
        ConsoleCall call = calls.get(id);
        if (call == null) {
            throw new Refusal(NO_CALL);
        }
        return call;
    }

    @Override
    public void tell(Event event, Runnable written) {
        output.send(event.text(), written);
    }

    @Override
    public void ended(long id) {
        calls.remove(id);
    }
}
