package io.grpcweb.gateway.filter.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import io.grpcweb.gateway.config.HeaderRules;
import io.grpcweb.gateway.config.Origin;
import io.grpcweb.gateway.config.RateLimit;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.RouteConfig.PathMatch;
import io.grpcweb.gateway.config.RouteConfig.Redirect;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.testing.Copy;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class RedirectsTest {
    private static final Redirect SAME = new Redirect(
            301,
            Optional.empty(),
            false,
            Optional.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false);

    @Test
    void whatIsNotNamedStaysAsItIs() {
        assertThat(location(SAME)).isEqualTo("http://a.test:8080/old/page?x=1");
    }

    @Test
    void httpsKeepsAPortThatTheOldSchemeDoesNotImply() {
        assertThat(location(Copy.of(SAME).with("httpsRedirect", true).get()))
                .isEqualTo("https://a.test:8080/old/page?x=1");
    }

    @Test
    void hostPortAndPathAreReplacedAndTheQueryMayGo() {
        assertThat(location(Copy.of(SAME)
                        .with("status", 308)
                        .with("host", Optional.of("b.test"))
                        .with("port", OptionalInt.of(99))
                        .with("path", Optional.of("/new"))
                        .with("stripQuery", true)
                        .get()))
                .isEqualTo("http://b.test:99/new");
    }

    @Test
    void aPrefixIsReplaced() {
        assertThat(location(
                        Copy.of(SAME).with("prefixRewrite", Optional.of("/new")).get()))
                .isEqualTo("http://a.test:8080/new/page?x=1");
    }

    @Test
    void aGroupOfAnExpressionIsInserted() {
        RouteConfig.RegexRewrite rewrite = new RouteConfig.RegexRewrite(Pattern.compile("/old/(.*)"), "/$/\\1");
        assertThat(rewrite.in("/old/page")).isEqualTo("/$/page");
    }

    /** {@code prefix_rewrite} with nothing, of a path that goes on with a name. */
    private static Redirect withoutPrefix() {
        return Copy.of(SAME).with("prefixRewrite", Optional.of("")).get();
    }

    @Test
    void aPathNeverGoesOnWithTheNameOfTheHost() {
        assertThat(location(withoutPrefix(), "a.test", "/old.evil.test/x")).isEqualTo("http://a.test/.evil.test/x");
        assertThat(location(withoutPrefix(), "a.test", "/old@evil.test")).isEqualTo("http://a.test/@evil.test");
        assertThat(location(withoutPrefix(), "a.test", "/old?x")).isEqualTo("http://a.test?x");
    }

    @Test
    void aRequestWithoutAHostIsNotSentToTheOneItsPathNames() {
        assertThat(location(SAME, "", "/old/evil.test")).isEqualTo("/old/evil.test");
        assertThat(location(withoutPrefix(), "", "/old//evil.test")).isEqualTo("/evil.test");
        assertThat(location(withoutPrefix(), "", "/oldevil.test")).isEqualTo("/evil.test");
    }

    private static String location(Redirect redirect) {
        return location(redirect, "a.test:8080", "/old/page?x=1");
    }

    private static String location(Redirect redirect, String authority, String path) {
        RouteConfig.Match match =
                new RouteConfig.Match(new PathMatch.Prefix("/old", false), List.of(), List.of(), false, 1);
        RouteConfig.Route route = new RouteConfig.Route(
                "", match, redirect, HeaderRules.NONE, Map.of(), RateLimit.Rules.NONE, Origin.NONE);
        Http2Headers request = new DefaultHttp2Headers(false)
                .scheme("http")
                .authority(authority)
                .path(path);
        LocalReply answer = OwnAnswers.of(route, request);
        assertThat(answer.httpStatus()).isEqualTo(redirect.status());
        assertThat(answer.headers()).extracting(Map.Entry::getKey).containsExactly("location");
        return answer.headers().get(0).getValue();
    }
}
