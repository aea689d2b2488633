package io.grpcweb.gateway.filter.rbac;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.Patterns;
import io.grpcweb.gateway.config.RouteConfig.HeaderMatch;
import io.grpcweb.gateway.config.StringMatch;
import io.grpcweb.gateway.filter.rbac.Rules.Action;
import io.grpcweb.gateway.filter.rbac.Rules.Outcome;
import io.grpcweb.gateway.filter.rbac.Rules.Policy;
import io.grpcweb.gateway.http.ConnectionInfo;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.match.Condition;
import io.grpcweb.gateway.match.MatchTree;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The rules alone: what they decide, and what becomes of a value that is too long to be looked at. */
class EngineTest {
    private static final String LONG = "x".repeat(9000);
    private static final Condition EXPRESSION = header(new StringMatch.Regex(Patterns.compile("a+")), false);

    private final StreamInfo info = new StreamInfo(new ConnectionInfo(1, "web", null, null, null, null), 1);

    private static Condition header(StringMatch match, boolean invert) {
        return new Condition.Header(new HeaderMatch("x-a", Optional.of(match), Optional.empty(), invert, false));
    }

    private static Rules policies(Action action, Condition principal) {
        return new Rules.Policies(
                action, List.of(new Policy("the rule", List.of(new Condition.Anything()), List.of(principal))));
    }

    private Verdict judge(Rules rules, String... values) {
        Http2Headers head = new DefaultHttp2Headers(false).method("POST").path("/a.B/C");
        for (String value : values) {
            head.add("x-a", value);
        }
        return Engine.of(rules, "enforced_").judge(info, head);
    }

    @ParameterizedTest
    @CsvSource({
        "ALLOW, aa, true, the rule",
        "ALLOW, b, false, ''",
        "DENY, aa, false, the rule",
        "DENY, b, true, ''",
        "LOG, aa, true, the rule",
        "LOG, b, true, ''"
    })
    void aPolicyFitsOrNot(Action action, String value, boolean allowed, String policy) {
        Verdict verdict = judge(policies(action, EXPRESSION), value);
        assertThat(verdict.allowed()).isEqualTo(allowed);
        assertThat(verdict.policy()).isEqualTo(policy);
        assertThat(verdict.told()).containsEntry("enforced_engine_result", allowed ? "allowed" : "denied");
        assertThat(verdict.hint() == null).isEqualTo(action != Action.LOG);
    }

    @ParameterizedTest
    @EnumSource(
            value = Action.class,
            names = {"ALLOW", "DENY"})
    void whatIsTooLongToBeLookedAtIsRefused(Action action) {
        assertThat(judge(policies(action, EXPRESSION), LONG).allowed()).isFalse();
        assertThat(judge(policies(action, new Condition.Not(EXPRESSION)), LONG).allowed())
                .isFalse();
        Condition inverted = header(new StringMatch.Regex(Patterns.compile("a+")), true);
        assertThat(judge(policies(action, inverted), LONG).allowed()).isFalse();
        assertThat(judge(policies(action, new Condition.All(List.of(EXPRESSION, new Condition.Anything()))), LONG)
                        .allowed())
                .isFalse();
    }

    @Test
    void whatDecidesAllTheSameDecides() {
        Condition other = header(new StringMatch.Exact("b", false), false);
        assertThat(judge(policies(Action.DENY, new Condition.All(List.of(EXPRESSION, other))), LONG)
                        .allowed())
                .isTrue();
        assertThat(judge(policies(Action.ALLOW, new Condition.AnyOf(List.of(EXPRESSION, other))), LONG, "b")
                        .allowed())
                .isTrue();
    }

    @Test
    void policiesAreAskedInTheOrderOfTheirNames() {
        List<Condition> any = List.of(new Condition.Anything());
        Rules rules = new Rules.Policies(Action.DENY, List.of(new Policy("z", any, any), new Policy("y x", any, any)));
        Verdict verdict = judge(rules, "a");
        assertThat(verdict.policy()).isEqualTo("y x");
        assertThat(verdict.refusal().details()).hasToString("rbac_access_denied_matched_policy[y_x]");
    }

    private static MatchTree.Branch<Outcome> branch(Condition when, Action action) {
        return new MatchTree.Branch<>(when, new MatchTree.Then.Act<>(new Outcome(action.name(), action)));
    }

    @Test
    void aTreeDecidesAgainstTheCallerWhereItCannotTell() {
        Rules deny = new Rules.Tree(new MatchTree<>(
                List.of(branch(EXPRESSION, Action.DENY), branch(new Condition.Anything(), Action.ALLOW)),
                Optional.empty()));
        assertThat(judge(deny, "b").allowed()).isTrue();
        assertThat(judge(deny, LONG).allowed()).isFalse();
        Rules allow = new Rules.Tree(new MatchTree<>(List.of(branch(EXPRESSION, Action.ALLOW)), Optional.empty()));
        assertThat(judge(allow, "aa").allowed()).isTrue();
        assertThat(judge(allow, LONG).allowed()).isFalse();
    }

    @Test
    void whereATreeFindsNothingTheCallIsRefusedAndNothingIsHinted() {
        Rules rules = new Rules.Tree(new MatchTree<>(List.of(branch(EXPRESSION, Action.LOG)), Optional.empty()));
        assertThat(judge(rules, "aa").hint()).containsEntry("access_log_hint", true);
        Verdict none = judge(rules, "b");
        assertThat(none.allowed()).isFalse();
        assertThat(none.hint()).isNull();
        assertThat(none.refusal().details()).hasToString("rbac_access_denied_matched_policy[none]");
    }
}
