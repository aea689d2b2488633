package io.grpcweb.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Setup;
import io.grpcweb.gateway.testing.WebSocketClient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who may open the console, and what it does before somebody says that it may call. */
class ConsoleSafetyTest {
    private final DeskServer desk = new DeskServer(ProtoReflectionServiceV1.newInstance());
    private final RunningGateway gateway = RunningGateway.of(Setup.parse("""
            listeners.main { listen = "127.0.0.1:0", access-log = [], routes = [{ prefix = "/", cluster = desk }] }
            clusters.desk { endpoints = ["127.0.0.1:%d"] }
            admin.listen = "127.0.0.1:0"
            """.formatted(desk.port())));
    private final int port = gateway.adminPort();

    @AfterEach
    void stop() {
        gateway.close();
        desk.close();
    }

    private Answer handshake(String token, String... more) {
        String[] fields = WebSocketClient.handshake(ConsolePage.offer(token), more);
        return Http1Browser.once(port, "GET", "/console/socket", fields);
    }

    @Test
    void thePageLoadsNothingFromElsewhere() {
        Answer page = Http1Browser.once(port, "GET", "/console");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("content-security-policy"))
                .isEqualTo("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
                        + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        assertThat(page.text()).doesNotContain("http://", "https://", "//cdn");
        for (String part : Console.parts()) {
            Answer file = Http1Browser.once(port, "GET", "/console/" + part);
            assertThat(file.status()).as(part).isEqualTo(200);
            assertThat(file.header("content-type"))
                    .as(part)
                    .isEqualTo(part.endsWith(".js") ? "text/javascript; charset=UTF-8" : "text/css; charset=UTF-8");
            assertThat(page.text() + imports()).as(part).contains(part);
        }
        assertThat(Http1Browser.once(port, "GET", "/console/../Console.class").status())
                .isEqualTo(404);
        assertThat(Http1Browser.once(port, "GET", "/console/console.html").status())
                .isEqualTo(404);
    }

    private String imports() {
        StringBuilder all = new StringBuilder();
        Console.parts().forEach(part -> all.append(Console.part(part).text()));
        return all.toString();
    }

    /** A name of somebody's site that is made to point at this machine. */
    @Test
    void anotherHostIsRefused() {
        for (String path : new String[] {"/console", "/console/main.js"}) {
            Answer answer = Http1Browser.once(port, "GET", path, "host", "evil.example:9901");
            assertThat(answer.status()).as(path).isEqualTo(403);
        }
        String[] fields =
                WebSocketClient.handshake(ConsolePage.offer(ConsolePage.token(port)), "host", "evil.example:9901");
        assertThat(Http1Browser.once(port, "GET", "/console/socket", fields).status())
                .isEqualTo(403);
    }

    /** Browsers let every page open a WebSocket to anywhere, and say only where it comes from. */
    @Test
    void aPageOfAnotherOriginIsRefused() {
        assertThat(handshake(ConsolePage.token(port), "origin", "https://evil.example")
                        .status())
                .isEqualTo(403);
        assertThat(handshake(ConsolePage.token(port), "origin", "http://127.0.0.1:1")
                        .status())
                .isEqualTo(403);
        assertThat(handshake(ConsolePage.token(port), "sec-fetch-site", "cross-site")
                        .status())
                .isEqualTo(403);
        String own = "127.0.0.1:" + port;
        assertThat(handshake(ConsolePage.token(port), "host", own, "origin", "http://" + own)
                        .status())
                .isEqualTo(101);
    }

    @Test
    void aSocketNeedsTheSecretOfAPage() {
        assertThat(handshake("").status()).isEqualTo(403);
        assertThat(handshake("0".repeat(64)).status()).isEqualTo(403);
        Answer without =
                Http1Browser.once(port, "GET", "/console/socket", WebSocketClient.handshake(Console.SUBPROTOCOL));
        assertThat(without.status()).isEqualTo(403);

        String token = ConsolePage.token(port);
        assertThat(handshake(token).status()).isEqualTo(101);
        // Once.
        assertThat(handshake(token).status()).isEqualTo(403);
        assertThat(ConsolePage.token(port)).isNotEqualTo(ConsolePage.token(port));
    }

    @Test
    void aPageOnlyLooksUntilItMayCall() {
        try (ConsolePage page = ConsolePage.open(port)) {
            page.say("{'id':1,'do':'describe','cluster':'desk'}");
            assertThat(page.hear()).contains("'name':'Talk'");
            desk.tags.clear();
            String call = "{'id':2,'do':'call','cluster':'desk','method':'/desk.Desk/Echo','message':'{}','end':true}";
            page.say(call);
            assertThat(page.hear())
                    .isEqualTo(
                            "{'id':2,'is':'refused','reason':'this page may only look so far: say that it may call first'}");
            assertThat(desk.tags).isEmpty();

            page.say("{'id':3,'do':'confirm'}");
            assertThat(page.hear()).isEqualTo("{'id':3,'is':'confirmed'}");
            page.say(call);
            assertThat(page.hear("end")).contains("'name':'OK'");
        }
        // Another page has to be allowed by itself.
        try (ConsolePage page = ConsolePage.open(port)) {
            page.say("{'id':2,'do':'call','cluster':'desk','method':'/desk.Desk/Echo','message':'{}','end':true}");
            assertThat(page.hear()).contains("may only look so far");
        }
    }

    @Test
    void eightPagesAreOpen() {
        List<ConsolePage> pages = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            ConsolePage page = ConsolePage.open(port);
            page.say("{'id':1,'do':'clusters'}");
            assertThat(page.hear()).contains("'name':'desk','tls':false,'endpoints':['127.0.0.1:" + desk.port() + "']");
            pages.add(page);
        }
        assertThat(handshake(ConsolePage.token(port)).status()).isEqualTo(403);
        pages.forEach(ConsolePage::close);
    }

    @Test
    void whatIsNoCommand() {
        try (ConsolePage page = ConsolePage.open(port)) {
            assertThat(page.say("nonsense").hear()).contains("'id':0,'is':'refused'");
            assertThat(page.say("[]").hear()).contains("a command is a JSON object");
            assertThat(page.say("{'id':4,'do':'dance'}").hear()).contains("'id':4,'is':'refused'");
            assertThat(page.say("{'id':5,'do':'describe'}").hear()).contains("needs 'cluster'");
            assertThat(page.say("{'id':6,'do':'describe','cluster':'none'}").hear())
                    .contains("there is no cluster none");
            assertThat(page.say("{'id':7,'do':'cancel'}").hear()).contains("the call is over");
            assertThat(page.say("{'id':8,'do':'clusters','x':{}}").hear())
                    .contains("'x' is neither a text nor a number");
            page.socket().last(WebSocketClient.BINARY, new byte[] {1});
            assertThat(page.socket().closed()).isEqualTo(1003);
        }
    }
}
