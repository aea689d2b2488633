package io.grpcweb.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Setup;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The calls that a page makes to a server of grpc-java, which tells its services by reflection. */
class ConsoleCallTest {
    private final DeskServer desk = new DeskServer(ProtoReflectionServiceV1.newInstance());
    private final RunningGateway gateway = RunningGateway.of(Setup.parse("""
            listeners.main { listen = "127.0.0.1:0", access-log = [], routes = [{ prefix = "/none/", cluster = desk }] }
            clusters.desk { endpoints = ["127.0.0.1:%d"] }
            admin.listen = "127.0.0.1:0"
            """.formatted(desk.port())));
    private final ConsolePage page = ConsolePage.ready(gateway.adminPort(), "desk");

    @AfterEach
    void stop() {
        page.close();
        gateway.close();
        desk.close();
    }

    private void call(String method, String more) {
        page.say("{'id':7,'do':'call','cluster':'desk','method':'/desk.Desk/" + method + "'" + more + "}");
    }

    @Test
    void aUnaryCall() throws InterruptedException {
        call("Echo", ",'message':'{~text~:~hi~,~count~:3}','end':true,'metadata':['x-tag','blue']");

        assertThat(page.hear()).isEqualTo("{'id':7,'is':'opened'}");
        assertThat(page.hear()).isEqualTo("{'id':7,'is':'sent','bytes':6}");
        assertThat(page.hear()).startsWith("{'id':7,'is':'head','fields':[[':status','200']");
        assertThat(page.hear()).isEqualTo("{'id':7,'is':'message','bytes':6,'json':'{\"text\":\"hi\",\"count\":3}'}");
        assertThat(page.hear())
                .startsWith("{'id':7,'is':'end','code':0,'name':'OK','message':'','details':[],'fields':[[")
                .contains("['grpc-status','0']");
        assertThat(desk.tags.poll(30, TimeUnit.SECONDS)).isEqualTo("blue");
    }

    @Test
    void anErrorWithDetails() {
        call("Echo", ",'message':'{~text~:~fail~}','end':true");

        assertThat(page.hear("end"))
                .contains("'code':9,'name':'FAILED_PRECONDITION','message':'the printer is émpty'")
                .contains("\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\"")
                .contains("\"reason\":\"NO_PAPER\"")
                .contains("\"@type\":\"type.googleapis.com/desk.Unknown\",\"@problem\":\"the type is not known here\"");
    }

    @Test
    void aServerStream() {
        call("Count", ",'message':'{~text~:~n~,~count~:3}','end':true");

        assertThat(page.hearUntil("end"))
                .containsSubsequence(
                        "{\"text\":\"n\",\"count\":1}",
                        "{\"text\":\"n\",\"count\":2}",
                        "{\"text\":\"n\",\"count\":3}",
                        "'name':'OK'");
    }

    @Test
    void aClientStream() {
        call("Collect", "");
        assertThat(page.hear()).isEqualTo("{'id':7,'is':'opened'}");
        page.say("{'id':7,'do':'send','message':'{~text~:~a~}'}");
        page.say("{'id':7,'do':'send','message':'{~text~:~b~}'}");
        page.say("{'id':7,'do':'end'}");

        assertThat(page.hearUntil("end"))
                .contains("{\"text\":\"ab\",\"count\":2}")
                .contains("'name':'OK'");
    }

    /** Each message is answered while the request goes on. */
    @Test
    void aStreamBothWays() {
        call("Talk", ",'message':'{~text~:~a~}'");
        assertThat(page.hear("message")).contains("{\"text\":\"a\",\"count\":1}");
        page.say("{'id':7,'do':'send','message':'{~text~:~b~}'}");
        assertThat(page.hear("message")).contains("{\"text\":\"b\",\"count\":2}");
        page.say("{'id':7,'do':'end'}");

        assertThat(page.hear("end")).contains("'name':'OK'");
        page.say("{'id':7,'do':'send','message':'{}'}");
        assertThat(page.hear()).isEqualTo("{'id':7,'is':'refused','reason':'the call is over'}");
    }

    @Test
    void nothingIsSentBehindTheEnd() {
        call("Talk", "");
        page.say("{'id':7,'do':'end'}").say("{'id':7,'do':'send','message':'{}'}");

        assertThat(page.hear("refused")).contains("the request has ended: nothing more can be sent");
        assertThat(page.hear("end")).contains("'name':'OK'");
    }

    @Test
    void theBackendSeesThatACallIsCancelled() throws InterruptedException {
        call("Count", ",'message':'{~count~:-1}','end':true");
        page.hear("message");
        page.say("{'id':7,'do':'cancel'}");

        assertThat(page.hear("end")).contains("'code':1,'name':'CANCELLED','message':'cancelled here'");
        assertThat(desk.cancelled.poll(30, TimeUnit.SECONDS)).isEqualTo("Count");
    }

    @Test
    void theCallsEndWithTheirPage() throws InterruptedException {
        call("Count", ",'message':'{~count~:-1}','end':true");
        page.hear("message");
        page.close();

        assertThat(desk.cancelled.poll(30, TimeUnit.SECONDS)).isEqualTo("Count");
    }

    @Test
    void theDeadlineEndsACall() throws InterruptedException {
        call("Count", ",'message':'{~count~:-1}','end':true,'deadline':300");

        assertThat(page.hear("end")).contains("'code':4,'name':'DEADLINE_EXCEEDED'");
        assertThat(desk.cancelled.poll(30, TimeUnit.SECONDS)).isEqualTo("Count");
    }

    /** The name of the field is wrong; nothing of the call leaves. */
    @Test
    void aMessageThatIsNotOfTheType() {
        call("Echo", ",'message':'{~txt~:~hi~}','end':true");
        assertThat(page.hear()).contains("'is':'refused'").contains("txt");

        call("Echo", ",'message':'{~count~:~many~}','end':true");
        assertThat(page.hear()).contains("'is':'refused'").contains("count");
        assertThat(desk.tags).isEmpty();
    }

    @Test
    void metadataThatBelongsToTheCall() {
        for (String name : new String[] {"te", "grpc-timeout", ":path", "host", "two words"}) {
            call("Echo", ",'message':'{}','end':true,'metadata':['" + name + "','x']");
            assertThat(page.hear()).as(name).contains("'is':'refused'").contains("metadata '" + name + "'");
        }
        call("Echo", ",'message':'{}','end':true,'metadata':['x-bin','!']");
        assertThat(page.hear()).contains("metadata 'x-bin': bytes are written in base64");
        assertThat(desk.tags).isEmpty();
    }

    @Test
    void sixteenCallsOfAPageAreOpen() {
        for (int id = 10; id < 26; id++) {
            page.say("{'id':" + id + ",'do':'call','cluster':'desk','method':'/desk.Desk/Talk'}");
            assertThat(page.hear()).isEqualTo("{'id':" + id + ",'is':'opened'}");
        }
        call("Talk", "");
        assertThat(page.hear())
                .isEqualTo(
                        "{'id':7,'is':'refused','reason':'16 calls of this page are open already: cancel one of them'}");

        page.say("{'id':10,'do':'cancel'}");
        assertThat(page.hear()).contains("'id':10,'is':'end'");
        call("Echo", ",'message':'{}','end':true");
        assertThat(page.hear("end")).contains("'name':'OK'");
    }

    @Test
    void aMessageAsBytes() {
        page.say("{'id':3,'do':'encode','cluster':'desk','method':'/desk.Desk/Echo','message':'{~text~:~hi~}'}");

        // Field 1, two bytes: 0a 02 68 69.
        assertThat(page.hear()).isEqualTo("{'id':3,'is':'encoded','base64':'CgJoaQ=='}");
    }
}
