package io.grpcweb.gateway.config.envoy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A script of Envoy's filter {@code lua}, which is not run: what it does is told by the calls in it, and with that what to write in
 * its place. Nothing but a hint depends on it.
 */
final class LuaScript {
    private static final Pattern COMMENT = Pattern.compile("--(?!\\[\\[).*|(?s:--\\[\\[.*?]])");
    private static final Pattern RESPONSE = Pattern.compile("function\\s+envoy_on_response");
    private static final Pattern RESPOND = Pattern.compile(":\\s*respond\\s*\\(");
    private static final Pattern WRITES = Pattern.compile(":\\s*(?:add|replace|setHttp1ReasonPhrase)\\s*\\(");
    private static final Pattern REMOVES =
            Pattern.compile("headers\\(\\)\\s*:\\s*remove\\s*\\(|\\bheaders\\s*:\\s*remove\\s*\\(");
    private static final Pattern DENIES = Pattern.compile("\"?:status\"?'?\\s*]?\\s*=\\s*[\"']?(?:401|403)");

    private final String onRequest;
    private final String onResponse;
    private final String all;

    /** A script as it stands in the file. */
    LuaScript(String text) {
        all = COMMENT.matcher(text).replaceAll("").toLowerCase(Locale.ROOT);
        Matcher response = RESPONSE.matcher(all);
        int at = response.find() ? response.start() : all.length();
        int request = all.indexOf("envoy_on_request");
        boolean responseFirst = request > at;
        onRequest = responseFirst ? all.substring(request) : all.substring(0, at);
        onResponse = responseFirst ? all.substring(at, request) : all.substring(at);
    }

    /** The script of a {@code Lua} or {@code LuaPerRoute} message; empty where it stands in another file. */
    static LuaScript of(Yaml.Mapping message) {
        StringBuilder text = new StringBuilder();
        for (String field :
                List.of("inline_code", "inlineCode", "default_source_code", "defaultSourceCode", "source_code")) {
            text.append(message.text(field));
            Yaml.Mapping source = message.mapping(field);
            if (source != null) {
                text.append(source.text("inline_string")).append(source.text("inlineString"));
            }
        }
        return new LuaScript(text.toString());
    }

    /** What to write instead, as far as that can be told; empty where it cannot. */
    String hint() {
        List<String> found = new ArrayList<>();
        responses(found);
        fields(found);
        if (all.contains("httpcall")) {
            found.add("another service is asked about a call by the ext_authz filter");
        }
        if (all.contains("dynamicmetadata") || all.contains(":metadata(")) {
            found.add("metadata is set by the set_metadata and header_to_metadata filters");
        }
        if (all.contains(":body(") || all.contains("bodychunks")) {
            found.add("a body is not changed here: let the backend do that");
        }
        if (found.isEmpty() && Pattern.compile(":log[a-z]+\\s*\\(").matcher(all).find()) {
            found.add("a field is logged by %REQ(NAME)% in the access_log");
        }
        return String.join("; ", found);
    }

    private void responses(List<String> found) {
        boolean answers = RESPOND.matcher(onRequest).find();
        boolean denies = answers && DENIES.matcher(onRequest).find();
        boolean cors = all.contains("access-control-");
        if (cors || (answers && !denies && onRequest.contains("options"))) {
            found.add("a preflight is answered, and the access-control- fields are set, by the cors filter");
        }
        if (answers
                && Pattern.compile("health|/ready|/live|/ping|/status")
                        .matcher(onRequest)
                        .find()) {
            found.add("a health path is answered by a route with direct_response or by the health_check filter");
        }
        if (denies && onRequest.contains("authorization")) {
            found.add(
                    "a token is asked for by the jwt_authn filter, and a header field by a route with a header matcher (invert_match) and"
                            + " direct_response 401");
        } else if (denies && onRequest.contains("api")) {
            found.add("a key is asked for by the api_key_auth filter");
        } else if (denies) {
            found.add("calls are refused by the rbac filter");
        }
        if (found.isEmpty() && answers) {
            found.add("a response of the gateway's own is a route with direct_response");
        }
    }

    private void fields(List<String> found) {
        boolean cookie = all.contains("set-cookie");
        if (cookie && WRITES.matcher(all).find()) {
            found.add("a cookie is set by response_headers_to_add with set-cookie: \"NAME=%REQ(FIELD)%\"");
        } else if (WRITES.matcher(onResponse).find() && !all.contains("access-control-")) {
            found.add(
                    onResponse.contains("content-type") && onResponse.contains("grpc-web")
                            ? "the content-type of a gRPC-Web response is set by the grpc_web filter: leave the script out"
                            : "fields of a response are set by response_headers_to_add");
        }
        if (WRITES.matcher(onRequest).find()) {
            found.add(
                    onRequest.contains("\":path\"")
                            ? "a path is rewritten by prefix_rewrite or regex_rewrite of the route"
                            : "fields of a request are set by request_headers_to_add, with %REQ(FIELD)% where they are copied");
        }
        if (REMOVES.matcher(onRequest).find()) {
            found.add("fields of a request are removed by request_headers_to_remove");
        }
        if (REMOVES.matcher(onResponse).find()) {
            found.add("fields of a response are removed by response_headers_to_remove");
        }
    }
}
