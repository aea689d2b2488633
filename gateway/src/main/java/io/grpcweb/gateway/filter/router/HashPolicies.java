package io.grpcweb.gateway.filter.router;

import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.http.Cookies;
import io.grpcweb.gateway.upstream.host.HostKey;
import io.grpcweb.gateway.upstream.host.PickContext;
import io.grpcweb.gateway.upstream.host.XxHash64;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * What a request is hashed by for {@code RING_HASH} and {@code MAGLEV} (Envoy's {@code RouteAction.HashPolicy}): each
 * policy that finds something adds its hash; a terminal one that finds something ends the list.
 */
public final class HashPolicies {
    private final List<RouteConfig.HashPolicy> policies;

    public HashPolicies(List<RouteConfig.HashPolicy> policies) {
        this.policies = policies;
    }

    /**
     * The hash of a request, as a fresh context for the balancer.
     *
     * @param remote where the request is said to come from
     * @param local the address that it arrived at
     * @param setCookie takes the value of a {@code set-cookie} field for the response, where a policy makes a cookie up
     */
    public PickContext apply(
            Http2Headers request, SocketAddress remote, SocketAddress local, Consumer<String> setCookie) {
        boolean any = false;
        long sum = 0;
        for (RouteConfig.HashPolicy policy : policies) {
            OptionalLong found =
                    switch (policy.kind()) {
                        case HEADER -> ofHeader(request, policy.name());
                        case COOKIE -> ofCookie(request, policy, remote, local, setCookie);
                        case SOURCE_IP -> ofText(ipAddress(remote));
                        case QUERY_PARAMETER -> ofText(parameter(request, policy.name()));
                    };
            if (found.isEmpty()) {
                continue;
            }
            // Turned by a bit first, so that the same value twice does not cancel itself out.
            sum = (any ? Long.rotateLeft(sum, 1) : 0) ^ found.getAsLong();
            any = true;
            if (policy.terminal()) {
                break;
            }
        }
        return any ? PickContext.withHash(sum) : PickContext.withoutHash();
    }

    /** Several fields of a name count in sorted order, each seeding the next. */
    private static OptionalLong ofHeader(Http2Headers request, String name) {
        CharSequence only = request.get(name);
        if (only == null) {
            return OptionalLong.empty();
        }
        List<String> values = new ArrayList<>(1);
        request.valueIterator(name).forEachRemaining(value -> values.add(value.toString()));
        Collections.sort(values);
        long sum = 0;
        for (String value : values) {
            sum = XxHash64.hash(value, sum);
        }
        return OptionalLong.of(sum);
    }

    private static OptionalLong ofCookie(
            Http2Headers request,
            RouteConfig.HashPolicy policy,
            SocketAddress remote,
            SocketAddress local,
            Consumer<String> setCookie) {
        String value = Cookies.value(request, policy.name());
        if (value.isEmpty() && policy.cookieTtlSeconds().isPresent()) {
            // The same for all requests of a connection, so that those that race get the same cookie.
            value = String.format("%016x", XxHash64.hash(text(remote) + text(local), 0));
            long ttl = policy.cookieTtlSeconds().getAsLong();
            setCookie.accept(
                    policy.name() + "=\"" + value + "\"" + (ttl == 0 ? "" : "; Max-Age=" + ttl) + "; HttpOnly");
        }
        return value.isEmpty() ? OptionalLong.empty() : OptionalLong.of(XxHash64.hash(value, 0));
    }

    private static String parameter(Http2Headers request, String name) {
        String path = request.path() == null ? "" : request.path().toString();
        int mark = path.indexOf('?');
        if (mark < 0) {
            return null;
        }
        List<String> values = new QueryStringDecoder(path.substring(mark + 1), false)
                .parameters()
                .get(name);
        return values == null ? null : values.get(0);
    }

    private static OptionalLong ofText(String text) {
        return text == null ? OptionalLong.empty() : OptionalLong.of(XxHash64.hash(text, 0));
    }

    private static String ipAddress(SocketAddress address) {
        return address instanceof InetSocketAddress ip && ip.getAddress() != null
                ? HostKey.ipAddress(ip.getAddress())
                : null;
    }

    private static String text(SocketAddress address) {
        return address == null ? "" : HostKey.of(address);
    }
}
