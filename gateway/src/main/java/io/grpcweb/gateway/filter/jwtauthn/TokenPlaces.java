package io.grpcweb.gateway.filter.jwtauthn;

import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** The places of a provider, in Envoy's order: fields, parameters and cookies, each by their names. */
final class TokenPlaces {
    private TokenPlaces() {}

    static List<TokenPlace> of(JwtProvider.Places places) {
        List<TokenPlace> all = new ArrayList<>();
        places.headers().forEach(header -> all.add(new Field(header.name(), header.prefix())));
        places.parameters().forEach(name -> all.add(new Parameter(name)));
        places.cookies().forEach(name -> all.add(new Cookie(name)));
        return sorted(all);
    }

    static List<TokenPlace> sorted(Collection<TokenPlace> places) {
        return places.stream()
                .sorted(Comparator.comparingInt(TokenPlaces::kind).thenComparing(TokenPlace::key))
                .toList();
    }

    private static int kind(TokenPlace place) {
        return place instanceof Field ? 0 : place instanceof Parameter ? 1 : 2;
    }

    /** A field; the token stands behind a prefix. */
    private record Field(String name, String prefix) implements TokenPlace {

        @Override
        public String find(TokenSearch request) {
            CharSequence value = request.header(name);
            if (value == null) {
                return null;
            }
            String text = value.toString();
            if (prefix.isEmpty()) {
                return text;
            }
            int at = text.indexOf(prefix);
            if (at < 0) {
                // A scheme with nothing behind it: blanks at the end of a value do not arrive here.
                return text.equals(prefix.stripTrailing()) ? text : null;
            }
            at += prefix.length();
            while (at < text.length() && !mayStand(text.charAt(at))) {
                at++;
            }
            // Nothing of the kind behind the prefix: the whole value is no token, and is refused as one.
            return at == text.length() ? text : text.substring(at);
        }

        private static boolean mayStand(char c) {
            return c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z'
                    || c >= '0' && c <= '9'
                    || c == '-'
                    || c == '_'
                    || c == '.';
        }

        @Override
        public void clear(Http2Headers head) {
            head.remove(AsciiString.of(name));
        }

        @Override
        public String key() {
            return name + prefix;
        }
    }

    /** A parameter of the query. */
    private record Parameter(String name) implements TokenPlace {

        @Override
        public String find(TokenSearch request) {
            return request.parameter(name);
        }

        @Override
        public void clear(Http2Headers head) {
            head.path(QueryEdit.without(head.path().toString(), name));
        }

        @Override
        public String key() {
            return name;
        }
    }

    /** A cookie, which stays where it is, as in Envoy. */
    private record Cookie(String name) implements TokenPlace {

        @Override
        public String find(TokenSearch request) {
            return request.cookie(name);
        }

        @Override
        public void clear(Http2Headers head) {}

        @Override
        public String key() {
            return name;
        }
    }
}
