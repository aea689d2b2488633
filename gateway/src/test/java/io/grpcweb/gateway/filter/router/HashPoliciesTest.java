package io.grpcweb.gateway.filter.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.RouteConfig.HashPolicy;
import io.grpcweb.gateway.config.RouteConfig.HashPolicy.Kind;
import io.grpcweb.gateway.upstream.host.PickContext;
import io.grpcweb.gateway.upstream.host.XxHash64;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class HashPoliciesTest {
    private static final InetSocketAddress REMOTE = new InetSocketAddress("192.0.2.1", 4000);
    private static final InetSocketAddress LOCAL = new InetSocketAddress("192.0.2.2", 80);

    private final List<String> cookies = new ArrayList<>();

    private PickContext apply(Http2Headers request, HashPolicy... policies) {
        return new HashPolicies(List.of(policies)).apply(request, REMOTE, LOCAL, cookies::add);
    }

    private static HashPolicy policy(Kind kind, String name) {
        return new HashPolicy(kind, name, OptionalLong.empty(), false);
    }

    private static Http2Headers request(String... fields) {
        Http2Headers request = new DefaultHttp2Headers().path("/p?a=b&user=anna");
        for (int i = 0; i < fields.length; i += 2) {
            request.add(fields[i], fields[i + 1]);
        }
        return request;
    }

    @Test
    void eachSourceIsHashed() {
        assertThat(apply(request("x-user", "anna"), policy(Kind.HEADER, "x-user"))
                        .hash())
                .isEqualTo(XxHash64.hash("anna", 0));
        assertThat(apply(request("cookie", "a=b; user=\"anna\""), policy(Kind.COOKIE, "user"))
                        .hash())
                .isEqualTo(XxHash64.hash("anna", 0));
        assertThat(apply(request(), policy(Kind.QUERY_PARAMETER, "user")).hash())
                .isEqualTo(XxHash64.hash("anna", 0));
        assertThat(apply(request(), policy(Kind.SOURCE_IP, "")).hash()).isEqualTo(XxHash64.hash("192.0.2.1", 0));
    }

    @Test
    void whatIsNotThereGivesNoHash() {
        assertThat(apply(request(), policy(Kind.HEADER, "x-user")).hashed()).isFalse();
        assertThat(apply(request(), policy(Kind.COOKIE, "user")).hashed()).isFalse();
        assertThat(apply(request(), policy(Kind.QUERY_PARAMETER, "id")).hashed())
                .isFalse();
        assertThat(cookies).isEmpty();
    }

    @Test
    void theOrderOfSeveralFieldsDoesNotMatter() {
        assertThat(apply(request("x", "1", "x", "2"), policy(Kind.HEADER, "x")).hash())
                .isEqualTo(apply(request("x", "2", "x", "1"), policy(Kind.HEADER, "x"))
                        .hash());
    }

    @Test
    void aTerminalPolicyThatFindsSomethingEndsTheList() {
        HashPolicy terminal = new HashPolicy(Kind.HEADER, "x", OptionalLong.empty(), true);
        HashPolicy other = policy(Kind.QUERY_PARAMETER, "user");
        assertThat(apply(request("x", "1"), terminal, other).hash()).isEqualTo(XxHash64.hash("1", 0));
        assertThat(apply(request(), terminal, other).hash()).isEqualTo(XxHash64.hash("anna", 0));
    }

    @Test
    void aMissingCookieIsMadeUpWhereItHasALifetime() {
        HashPolicy cookie = new HashPolicy(Kind.COOKIE, "at", OptionalLong.of(60), false);
        PickContext context = apply(request(), cookie);
        assertThat(cookies).singleElement().asString().matches("at=\"[0-9a-f]{16}\"; Max-Age=60; HttpOnly");
        String value = cookies.get(0).substring(4, 20);
        assertThat(context.hash()).isEqualTo(XxHash64.hash(value, 0));
        assertThat(apply(request("cookie", "at=" + value), cookie).hash()).isEqualTo(context.hash());
        assertThat(cookies).hasSize(1);
    }
}
