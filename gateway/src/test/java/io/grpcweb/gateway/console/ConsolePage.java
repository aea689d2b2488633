package io.grpcweb.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.WebSocketClient;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the page of the console does: it is loaded, opens its socket and says commands. */
final class ConsolePage implements AutoCloseable {
    private static final Pattern TOKEN = Pattern.compile("<meta name=\"console-token\" content=\"([0-9a-f]{64})\">");

    private final WebSocketClient socket;

    private ConsolePage(WebSocketClient socket) {
        this.socket = socket;
    }

    static String token(int port) {
        Answer page = Http1Browser.once(port, "GET", "/console");
        Matcher found = TOKEN.matcher(page.text());
        assertThat(found.find()).as(page.text()).isTrue();
        return found.group(1);
    }

    static ConsolePage open(int port) {
        return new ConsolePage(WebSocketClient.open(1, port, "/console/socket", offer(token(port))));
    }

    /** A page whose services are known, and which may call. */
    static ConsolePage ready(int port, String cluster) {
        ConsolePage page = open(port);
        page.say("{'id':1,'do':'confirm'}");
        assertThat(page.hear()).isEqualTo("{'id':1,'is':'confirmed'}");
        page.say("{'id':2,'do':'describe','cluster':'" + cluster + "'}");
        assertThat(page.hear()).startsWith("{'id':2,'is':'services'");
        return page;
    }

    static String offer(String token) {
        return Console.SUBPROTOCOL + ", " + token;
    }

    /** JSON whose quotation marks are single ones, and tildes inside of texts. */
    ConsolePage say(String json) {
        String text = json.replace('\'', '"').replace("~", "\\\"");
        socket.last(WebSocketClient.TEXT, text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** The next event, with single quotation marks; those inside of texts stay. */
    String hear() {
        WebSocketClient.Frame frame = socket.next();
        assertThat(frame.opcode()).isEqualTo(WebSocketClient.TEXT);
        return new String(frame.payload(), StandardCharsets.UTF_8)
                .replace("\\\"", "~")
                .replace('"', '\'')
                .replace('~', '"');
    }

    /** The first event of this kind. */
    String hear(String kind) {
        String event = hear();
        while (!event.contains("'is':'" + kind + "'")) {
            event = hear();
        }
        return event;
    }

    /** All events up to the first of this kind. */
    String hearUntil(String kind) {
        StringBuilder all = new StringBuilder();
        String event;
        do {
            event = hear();
            all.append(event).append('\n');
        } while (!event.contains("'is':'" + kind + "'"));
        return all.toString();
    }

    WebSocketClient socket() {
        return socket;
    }

    @Override
    public void close() {
        socket.close();
    }
}
