package io.grpcweb.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.HeaderRules;
import io.grpcweb.gateway.config.HeaderRules.Action;
import io.grpcweb.gateway.config.HeaderRules.Add;
import io.grpcweb.gateway.config.RouteConfig.WeightedCluster;
import io.grpcweb.gateway.format.Substitutions;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeaderEditTest {
    private final Http2Headers head = new DefaultHttp2Headers(false);
    private final StreamInfo info = new StreamInfo(new ConnectionInfo(1, "web", null, null, null, null), 1);

    private void edit(List<Add> add, String... remove) {
        info.requestHeaders = head;
        new HeaderEdit(add, List.of(remove), new Substitutions()).apply(head, info);
    }

    @ParameterizedTest
    @CsvSource({
        "APPEND,              'old,new', new",
        "ADD_IF_ABSENT,       old,       new",
        "OVERWRITE_OR_ADD,    new,       new",
        "OVERWRITE_IF_EXISTS, new,       ''",
    })
    void eachActionDecidesWhatBecomesOfAFieldThatIsThere(Action action, String there, String absent) {
        head.set("x-there", "old");
        edit(List.of(new Add("x-there", "new", action, false), new Add("x-absent", "new", action, false)));
        assertThat(String.join(",", head.getAll("x-there"))).isEqualTo(there);
        assertThat(String.join(",", head.getAll("x-absent"))).isEqualTo(absent);
    }

    @Test
    void removalComesFirst() {
        head.set("x-a", "old");
        edit(List.of(new Add("x-a", "new", Action.ADD_IF_ABSENT, false)), "x-a");
        assertThat(head.get("x-a")).hasToString("new");
    }

    @Test
    void anEmptyValueIsLeftOutUnlessItIsToBeKept() {
        edit(List.of(
                new Add("x-out", "%REQ(x-none)%", Action.APPEND, false),
                new Add("x-kept", "%REQ(x-none)%", Action.APPEND, true)));
        assertThat(head.contains("x-out")).isFalse();
        assertThat(head.get("x-kept")).hasToString("");
    }

    @Test
    void valuesAreOfTheHeadBeforeItWasChanged() {
        head.set("x-a", "old");
        edit(List.of(
                new Add("x-a", "new", Action.OVERWRITE_OR_ADD, false),
                new Add("x-b", "was %REQ(x-a)%, 100%%", Action.APPEND, false)));
        assertThat(head.get("x-b")).hasToString("was old, 100%");
    }

    @Test
    void whatEndsALineDoesNotPass() {
        head.set("x-a", "one\r\nx-evil: 1");
        edit(List.of(new Add("x-b", "%REQ(x-a)%", Action.APPEND, false)));
        assertThat(head.get("x-b")).hasToString("one  x-evil: 1");
    }

    @Test
    void theClusterThatWasDrawnComesBeforeTheRoute() {
        WeightedCluster cluster = new WeightedCluster("b", 1, rule("cluster"), Optional.empty());
        HeaderEdits edits = HeaderEdits.of(
                List.of(rule("route"), rule("host"), rule("config")), List.of(cluster), new Substitutions());
        edits.with(cluster).request(head, info);
        assertThat(head.getAll("x-order"))
                .map(CharSequence::toString)
                .containsExactly("cluster", "route", "host", "config");
    }

    private static HeaderRules rule(String value) {
        return new HeaderRules(
                List.of(new Add("x-order", value, Action.APPEND, false)), List.of(), List.of(), List.of());
    }
}
