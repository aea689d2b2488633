package io.grpcweb.gateway.config.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said to write in the place of scripts. */
final class LuaScriptTest {

    private static String hint(String script) {
        return new LuaScript(script).hint();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "function envoy_on_response(h) h:headers():add('Set-Cookie', 'a=' .. h:headers():get('x-token')) end"
                        + " | a cookie is set by response_headers_to_add",
                "function envoy_on_response(h) h:headers():replace('content-type', 'application/grpc-web+proto') end"
                        + " | by the grpc_web filter: leave the script out",
                "function envoy_on_response(h) h:headers():add('x-served-by', 'a') end | set by response_headers_to_add",
                "function envoy_on_response(h) h:headers():remove('server') end | removed by response_headers_to_remove",
                "function envoy_on_request(h) h:headers():add('x-a', h:headers():get('x-b')) end | set by request_headers_to_add",
                "function envoy_on_request(h) h:headers():remove('x-a') end | removed by request_headers_to_remove",
                "function envoy_on_request(h) h:headers():replace(\":path\", '/x') end | rewritten by prefix_rewrite",
                "function envoy_on_request(h) if h:headers():get(':method') == 'OPTIONS' then h:respond({[':status']='204'}) end end"
                        + " | a preflight is answered",
                "function envoy_on_response(h) h:headers():add('Access-Control-Allow-Origin', '*') end | by the cors filter",
                "function envoy_on_request(h) if p == '/healthz' then h:respond({[':status']='200'}, 'ok') end end"
                        + " | by a route with direct_response or by the health_check filter",
                "function envoy_on_request(h) if h:headers():get('authorization') == nil then h:respond({[':status']='401'}) end end"
                        + " | by the jwt_authn filter",
                "function envoy_on_request(h) if ip then h:respond({[':status'] = 403}) end end | by the rbac filter",
                "function envoy_on_request(h) local a = h:httpCall('auth', {}) end | by the ext_authz filter",
                "function envoy_on_request(h) h:logInfo(h:headers():get('x-a')) end | in the access_log"
            })
    void theHintIsAboutWhatTheScriptDoes(String script, String expected) {
        assertThat(hint(script)).contains(expected);
    }

    @Test
    void aScriptMayDoSeveralThings() {
        assertThat(hint("""
                        function envoy_on_response(h) h:headers():remove("server") end
                        function envoy_on_request(h) h:headers():add("x-a", "1") end
                        """))
                .isEqualTo(
                        "fields of a request are set by request_headers_to_add, with %REQ(FIELD)% where they are copied;"
                                + " fields of a response are removed by response_headers_to_remove");
    }

    @Test
    void commentsAreNoCalls() {
        assertThat(hint("-- h:httpCall('a')\nfunction f() end --[[ h:respond({}) ]]"))
                .isEmpty();
    }

    @Test
    void theRefusalNamesThePathAndTheHint() {
        assertThatThrownBy(() -> new Bootstraps()
                        .with(
                                "FILTERS",
                                "- { name: lua, typed_config: { \"@type\": type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua,"
                                        + " default_source_code: { inline_string: \"h:httpCall('auth', {})\" } } }")
                        .read())
                .hasMessageContaining("http_filters[0].typed_config: not supported by this gateway:"
                        + " envoy.extensions.filters.http.lua.v3.Lua: scripts are not run: another service is asked about a call by"
                        + " the ext_authz filter");
    }
}
