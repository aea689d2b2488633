package io.grpcweb.gateway.filter.headermutation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.HeaderRules;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.RouteConfig.FilterOverride;
import io.grpcweb.gateway.config.StringMatch;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeaderMutationKindTest {
    private static final HeaderRules.Add SET =
            new HeaderRules.Add("x-a", "1", HeaderRules.Action.OVERWRITE_OR_ADD, false);
    private static final HeaderRules.Add APPENDED =
            new HeaderRules.Add("x-b", "%PROTOCOL%", HeaderRules.Action.APPEND, true);

    private static GatewayConfig config(String filter, String route) throws ConfigException {
        return Configs.parse("""
                listeners.main {
                  listen = "127.0.0.1:8080"
                  filters = [%s]
                  routes = [{ prefix = "/", respond { status = 200 }, %s }]
                }
                """.formatted(filter, route), "x.conf");
    }

    private static HttpConfig http(GatewayConfig config) {
        return config.listeners().get(0).chains().get(0).http();
    }

    private static FilterConfig filter(String filter) throws ConfigException {
        return http(config(filter, "")).filters().get(0);
    }

    @Test
    void theOwnFormatIsReadAndWritten() throws ConfigException {
        GatewayConfig config = config("""
                { type = header-mutation
                  request = [{ add = "X-A: 1" }, { remove = [X-C, x-d] }, { remove-matching { prefix = x-inner- } }]
                  response = [{ add { name = x-b, value = "%PROTOCOL%", action = append, keep-empty = true } }]
                  response-trailers = [{ remove-matching = [x-e] }]
                  query = [{ set = v, value = "%PROTOCOL%", action = add-if-absent }, { remove = Debug }]
                  most-specific-wins = true }
                """, "filters { header-mutation { request = [{ remove = x-z }] } }");

        assertThat(http(config).filters().get(0))
                .isEqualTo(new HeaderMutationConfig(
                        "header-mutation",
                        List.of(
                                new Mutation.Add(SET),
                                new Mutation.Remove("x-c"),
                                new Mutation.Remove("x-d"),
                                new Mutation.RemoveMatching(new StringMatch.Prefix("x-inner-", false))),
                        List.of(),
                        List.of(new Mutation.Add(APPENDED)),
                        List.of(new Mutation.RemoveMatching(new StringMatch.Exact("x-e", false))),
                        List.of(
                                new QueryMutation.Set("v", "%PROTOCOL%", HeaderRules.Action.ADD_IF_ABSENT),
                                new QueryMutation.Remove("Debug")),
                        true));
        HttpConfig back = http(Configs.parse(Configs.write(config), "x.conf"));
        assertThat(back.filters()).isEqualTo(http(config).filters());
        assertThat(back.routes().virtualHosts().get(0).routes().get(0).filters())
                .isEqualTo(Map.of(
                        "header-mutation",
                        new FilterOverride.Replaced(new HeaderMutationConfig(
                                "header-mutation",
                                List.of(new Mutation.Remove("x-z")),
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(),
                                false))));
    }

    @Test
    void whatIsWrongIsNamedWithItsLine() {
        assertThatThrownBy(() -> filter("""
                { type = header-mutation
                  request = [
                    { add = ":path: /x" }
                    { remove = host }
                    { add = "x-a: %NONSENSE%" }
                    { add = "x-a: 1", remove = x-b }
                    { }
                  ] }
                """))
                .hasMessageContaining("x.conf:5: listeners.main.filters[0].request[0].add: \"NAME: VALUE\" is expected")
                .hasMessageContaining("x.conf:6: listeners.main.filters[0].request[1].remove: 'host' cannot be removed")
                .hasMessageContaining("x.conf:7: listeners.main.filters[0].request[2].add: ")
                .hasMessageContaining("x.conf:8: listeners.main.filters[0].request[3]: one of add, remove and"
                        + " remove-matching is expected")
                .hasMessageContaining("x.conf:9: listeners.main.filters[0].request[4]: one of add, remove and");
    }

    @Test
    void aMessageOfEnvoyThatTakesAwayWhatEveryMessageHasIsRefused() {
        for (String[] wrong : List.of(
                new String[] {"request_mutations = [{ remove = \":path\" }]", "':path' cannot be removed"},
                new String[] {"response_mutations = [{ remove = \":status\" }]", "':status' cannot be removed"},
                new String[] {
                    "response_mutations = [{ append { header { key = \":status\", value = \"201\" } } }]",
                    "':status' cannot be added"
                },
                new String[] {
                    "request_mutations = [{ append { header { key = \":path\", value = x } } }]",
                    "pseudo-header fields cannot be added"
                },
                new String[] {"request_mutations = [{}]", "one of remove, append, remove_on_match is required"})) {
            assertThatThrownBy(() -> filter("""
                            { type = envoy, typed-config {
                                "@type" = "x/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation"
                                mutations { %s } } }
                            """.formatted(wrong[0])))
                    .hasMessageContaining("x.conf:5: ")
                    .hasMessageContaining(wrong[1]);
        }
    }

    @Test
    void aFilterWithoutChangesIsNotPartOfAnExchange() throws ConfigException {
        HeaderMutationConfig config = (HeaderMutationConfig) filter("header-mutation");

        assertThat(new HeaderMutationFactory(config, null).create(null, null)).isNull();
    }
}
