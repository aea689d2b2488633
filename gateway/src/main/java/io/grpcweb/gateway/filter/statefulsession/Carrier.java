package io.grpcweb.gateway.filter.statefulsession;

import io.grpcweb.gateway.http.Cookies;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.function.LongSupplier;

/** How the address of an endpoint comes with a request and leaves with a response. */
interface Carrier {

    /** Whether a request of this path may belong to a session. */
    boolean carries(CharSequence path);

    /** The address that a request names; null where it names none. */
    String read(Http2Headers request);

    /** Tells the client the address. */
    void write(Http2Headers response, String address);

    /**
     * The one of a configuration.
     *
     * @param nowSeconds since 1970
     */
    static Carrier of(StatefulSessionConfig.State state, LongSupplier nowSeconds) {
        return state instanceof StatefulSessionConfig.Cookie cookie
                ? new InCookie(cookie, nowSeconds)
                : new InField(((StatefulSessionConfig.Field) state).name());
    }

    /** A header field of its own. */
    record InField(String name) implements Carrier {
        @Override
        public boolean carries(CharSequence path) {
            return true;
        }

        @Override
        public String read(Http2Headers request) {
            return SessionValue.ofField(request.get(name));
        }

        @Override
        public void write(Http2Headers response, String address) {
            response.set(name, SessionValue.field(address));
        }
    }

    /** A cookie. */
    record InCookie(StatefulSessionConfig.Cookie config, LongSupplier nowSeconds) implements Carrier {

        /** The path of the cookie itself, or one below it (RFC 6265 section 5.1.4). */
        @Override
        public boolean carries(CharSequence path) {
            String wanted = config.path();
            if (wanted.isEmpty() || path == null) {
                return true;
            }
            String text = path.toString();
            return text.startsWith(wanted)
                    && (wanted.endsWith("/")
                            || text.length() == wanted.length()
                            || "/?#".indexOf(text.charAt(wanted.length())) >= 0);
        }

        @Override
        public String read(Http2Headers request) {
            return SessionValue.ofCookie(Cookies.value(request, config.name()), nowSeconds.getAsLong());
        }

        @Override
        public void write(Http2Headers response, String address) {
            long ttl = config.ttlSeconds();
            StringBuilder text = new StringBuilder(96)
                    .append(config.name())
                    .append("=\"")
                    .append(SessionValue.cookie(address, ttl == 0 ? 0 : nowSeconds.getAsLong() + ttl))
                    .append('"');
            if (ttl > 0) {
                text.append("; Max-Age=").append(ttl);
            }
            if (!config.path().isEmpty()) {
                text.append("; Path=").append(config.path());
            }
            for (String attribute : config.attributes()) {
                text.append("; ").append(attribute);
            }
            response.add(HttpHeaderNames.SET_COOKIE, text.append("; HttpOnly").toString());
        }
    }
}
