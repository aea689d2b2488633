package io.grpcweb.gateway.filter.apikey;

import io.grpcweb.gateway.filter.apikey.ApiKeyConfig.Source;
import io.grpcweb.gateway.http.Cookies;
import io.grpcweb.gateway.http.Parameters;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;

/** The key of a request. */
final class Keys {
    private static final String BEARER = "Bearer ";

    private Keys() {}

    /** The key in the first place that has one; empty where none has. */
    static String of(List<Source> sources, Http2Headers head) {
        for (Source source : sources) {
            String key =
                    switch (source.kind()) {
                        case HEADER -> field(head, source.name());
                        case QUERY -> parameter(head, source.name());
                        case COOKIE -> Cookies.value(head, source.name());
                    };
            if (!key.isEmpty()) {
                return key;
            }
        }
        return "";
    }

    private static String field(Http2Headers head, String name) {
        CharSequence sent = head.get(name);
        String value = sent == null ? "" : sent.toString();
        return value.startsWith(BEARER) ? value.substring(BEARER.length()) : value;
    }

    private static String parameter(Http2Headers head, String name) {
        if (AsciiString.indexOf(head.path(), '?', 0) < 0) {
            return "";
        }
        String value = Parameters.of(head.path()).first(name);
        return value == null ? "" : value;
    }

    /** Takes whatever stands in these places out of a request. */
    static void hide(List<Source> sources, Http2Headers head) {
        for (Source source : sources) {
            switch (source.kind()) {
                case HEADER -> head.remove(source.name());
                case COOKIE -> Cookies.remove(head, source.name());
                case QUERY -> {
                    Parameters parameters = Parameters.of(head.path());
                    if (parameters.contains(source.name())) {
                        parameters.remove(source.name());
                        head.path(parameters.path());
                    }
                }
            }
        }
    }
}
