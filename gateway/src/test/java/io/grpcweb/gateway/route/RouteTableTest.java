package io.grpcweb.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import io.grpcweb.gateway.config.HeaderRules;
import io.grpcweb.gateway.config.Origin;
import io.grpcweb.gateway.config.RateLimit;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.RouteConfig.HeaderMatch;
import io.grpcweb.gateway.config.RouteConfig.PathMatch;
import io.grpcweb.gateway.config.RouteConfig.QueryMatch;
import io.grpcweb.gateway.config.StringMatch;
import io.grpcweb.gateway.http.KnownServices;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTableTest {

    @ParameterizedTest
    @CsvSource({
        "api.example, exact",
        "API.Example, exact",
        "x.api.example, long suffix",
        "x.example, suffix",
        "www.test, long prefix",
        "w.test, prefix",
        "other, any",
        "example, any",
        ".example, any"
    })
    void theAuthorityGoesToTheDomainThatFitsBest(String authority, String host) {
        RouteTable table = table(
                host("any", "*"),
                host("suffix", "*.example"),
                host("prefix", "w.*"),
                host("exact", "api.example"),
                host("long suffix", "*.api.example"),
                host("long prefix", "www.*"));
        assertThat(table.match(head("/", ":authority", authority), () -> 0)
                        .virtualHost()
                        .name())
                .isEqualTo(host);
    }

    @Test
    void withoutAFittingDomainThereIsNoHost() {
        RouteTable.Result found = table(host("a", "a.example")).match(head("/", ":authority", "b"), () -> 0);
        assertThat(found.virtualHost()).isNull();
        assertThat(found.route()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"/a/b, true", "/a, true", "/ab, true", "/A, false", "/b, false"})
    void aPrefixIsCompared(String path, boolean fits) {
        assertThat(fits(new PathMatch.Prefix("/a", false), path)).isEqualTo(fits);
    }

    @ParameterizedTest
    @CsvSource({"/a/b, true", "/a, true", "/a/, true", "/ab, false", "/a?x=1, true"})
    void aSeparatedPrefixEndsAtASlash(String path, boolean fits) {
        assertThat(fits(new PathMatch.SeparatedPrefix("/a", false), path)).isEqualTo(fits);
    }

    @ParameterizedTest
    @CsvSource({"/a, true", "/a?x=/b, true", "/a/, false", "/A, false"})
    void anExactPathIsCompared(String path, boolean fits) {
        assertThat(fits(new PathMatch.Exact("/a", false), path)).isEqualTo(fits);
    }

    @ParameterizedTest
    @CsvSource({"/v1/a, true", "/v12/a, true", "/v1/a/b, false", "/x/v1/a, false"})
    void aRegexFitsTheWholePath(String path, boolean fits) {
        assertThat(fits(new PathMatch.Regex(Pattern.compile("/v[0-9]+/[a-z]+")), path))
                .isEqualTo(fits);
    }

    @Test
    void caseIsIgnoredWhereAsked() {
        assertThat(fits(new PathMatch.Prefix("/a", true), "/Ab")).isTrue();
        assertThat(fits(new PathMatch.Exact("/a", true), "/A")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "x, false, false, x, true", "x, false, false, y, false", "x, false, false, none, false",
                "x, true, false, y, true", "x, true, false, x, false", "x, true, false, none, false",
                "none, false, false, y, true", "none, false, false, none, false", "none, true, false, none, true",
                "none, true, false, y, false", "'', false, true, none, true", "x, true, true, none, true"
            })
    void aFieldIsCompared(String wanted, boolean invert, boolean missingAsEmpty, String sent, boolean fits) {
        HeaderMatch match = new HeaderMatch(
                "x-a",
                Optional.ofNullable(wanted).map(text -> new StringMatch.Exact(text, false)),
                Optional.empty(),
                invert,
                missingAsEmpty);
        assertThat(fits(List.of(match), List.of(), "/", sent == null ? new String[0] : new String[] {"x-a", sent}))
                .isEqualTo(fits);
    }

    @ParameterizedTest
    @CsvSource({"1, true", "9, true", "10, false", "0, false", "abc, false"})
    void aRangeLeavesOutItsEnd(String sent, boolean fits) {
        HeaderMatch match =
                new HeaderMatch("x-a", Optional.empty(), Optional.of(new RouteConfig.Range(1, 10)), false, false);
        assertThat(fits(List.of(match), List.of(), "/", "x-a", sent)).isEqualTo(fits);
    }

    @ParameterizedTest
    @CsvSource({"/?a=1, true", "/?b=2&a=1, true", "/?a=2, false", "/, false"})
    void aQueryParameterIsCompared(String path, boolean fits) {
        QueryMatch match = new QueryMatch("a", Optional.of(new StringMatch.Exact("1", false)), false);
        assertThat(fits(List.of(), List.of(match), path)).isEqualTo(fits);
    }

    private static boolean fits(PathMatch match, String path) {
        RouteConfig.Route route = route(new RouteConfig.Match(match, List.of(), List.of(), false, 1));
        return table(host("h", List.of(route), "*")).match(head(path), () -> 0).route() != null;
    }

    private static boolean fits(List<HeaderMatch> fields, List<QueryMatch> query, String path, String... sent) {
        RouteConfig.Route route =
                route(new RouteConfig.Match(new PathMatch.Prefix("/", false), fields, query, false, 1));
        return table(host("h", List.of(route), "*"))
                        .match(head(path, sent), () -> 0)
                        .route()
                != null;
    }

    private static RouteConfig.Route route(RouteConfig.Match match) {
        return new RouteConfig.Route(
                "",
                match,
                new RouteConfig.DirectResponse(200, ""),
                HeaderRules.NONE,
                Map.of(),
                RateLimit.Rules.NONE,
                Origin.NONE);
    }

    private static RouteConfig.VirtualHost host(String name, String domain) {
        return host(name, List.of(), domain);
    }

    private static RouteConfig.VirtualHost host(String name, List<RouteConfig.Route> routes, String domain) {
        return new RouteConfig.VirtualHost(
                name, List.of(domain), routes, HeaderRules.NONE, Map.of(), List.of(), false, Origin.NONE);
    }

    private static RouteTable table(RouteConfig.VirtualHost... hosts) {
        return new RouteTable(new RouteConfig("r", List.of(hosts), HeaderRules.NONE, false, false), KnownServices.NONE);
    }

    private static Http2Headers head(String path, String... fields) {
        Http2Headers head =
                new DefaultHttp2Headers(false).method("POST").path(path).authority("a");
        for (int i = 0; i < fields.length; i += 2) {
            head.set(fields[i], fields[i + 1]);
        }
        return head;
    }
}
