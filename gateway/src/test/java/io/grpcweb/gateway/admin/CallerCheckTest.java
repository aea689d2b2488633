package io.grpcweb.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may ask the admin pages, by what browsers say of where a request comes from. */
class CallerCheckTest {

    @ParameterizedTest(name = "{0} host {1} origin {2} site {3} mode {4} dest {5}: {6}")
    @CsvSource({
        // Programs say nothing.
        "GET,  127.0.0.1:9901,        ,                              ,            ,         ,         yes",
        "POST, 127.0.0.1:9901,        ,                              ,            ,         ,         yes",
        "GET,  ,                      ,                              ,            ,         ,         yes",
        "GET,  [::1]:9901,            ,                              ,            ,         ,         yes",
        "GET,  gateway.default.svc,   ,                              ,            ,         ,         yes",
        // Somebody types the address, or uses a page of this listener.
        "GET,  127.0.0.1:9901,        ,                              none,        navigate, document, yes",
        "GET,  localhost:9901,        ,                              same-origin, no-cors,  image,    yes",
        "POST, localhost:9901,        http://localhost:9901,         same-origin, navigate, document, yes",
        "POST, LOCALHOST:9901,        http://localhost:9901,         Same-Origin, navigate, document, yes",
        // A page on another port: a link may be followed, nothing else.
        "GET,  localhost:9901,        ,                              same-site,   navigate, document, yes",
        "HEAD, localhost:9901,        ,                              same-site,   navigate, document, yes",
        "GET,  localhost:9901,        ,                              same-site,   no-cors,  image,    no",
        "GET,  localhost:9901,        ,                              same-site,   navigate, iframe,   no",
        "GET,  localhost:9901,        ,                              same-site,   ,         ,         no",
        "POST, localhost:9901,        ,                              same-site,   navigate, document, no",
        // A page of another site.
        "GET,  127.0.0.1:9901,        ,                              cross-site,  no-cors,  image,    no",
        "HEAD, 127.0.0.1:9901,        ,                              cross-site,  no-cors,  empty,    no",
        "GET,  127.0.0.1:9901,        ,                              cross-site,  navigate, document, no",
        "GET,  127.0.0.1:9901,        ,                              Cross-Site,  no-cors,  image,    no",
        "GET,  127.0.0.1:9901,        ,                              'cross-site ', no-cors, image,   no",
        "GET,  127.0.0.1:9901,        ,                              none|cross-site, no-cors, image, no",
        "GET,  127.0.0.1:9901,        ,                              whatever,    no-cors,  image,    no",
        "POST, 127.0.0.1:9901,        ,                              cross-site,  navigate, document, no",
        // The same from browsers that do not say the site.
        "GET,  127.0.0.1:9901,        https://evil.example,          ,            ,         ,         no",
        "POST, 127.0.0.1:9901,        https://evil.example,          ,            ,         ,         no",
        "POST, 127.0.0.1:9901,        null,                          ,            ,         ,         no",
        "POST, 127.0.0.1:9901,        http://127.0.0.1:8080,         ,            ,         ,         no",
        "POST, 127.0.0.1:9901,        http://127.0.0.1:9901|null,    ,            ,         ,         no",
        "POST, 127.0.0.1:9901,        http://127.0.0.1:9901.evil.example, ,       ,         ,         no",
        // A name that points here (DNS rebinding).
        "GET,  evil.example:9901,     ,                              none,        ,         ,         no",
        "GET,  evil.example,          ,                              same-origin, ,         ,         no",
        "POST, evil.example:9901,     http://evil.example:9901,      same-origin, ,         ,         no",
        "GET,  127.0.0.1.evil.example, ,                             ,            ,         ,         no",
        "GET,  localhost.evil.example, ,                             ,            ,         ,         no",
        "GET,  127.0.0.1|evil.example, ,                             ,            ,         ,         no"
    })
    void onlyProgramsAndPagesOfThisListenerAreAnswered(
            String method, String host, String origin, String site, String mode, String dest, String answered) {
        HttpHeaders headers = new DefaultHttpHeaders();
        add(headers, "host", host);
        add(headers, "origin", origin);
        add(headers, "sec-fetch-site", site);
        add(headers, "sec-fetch-mode", mode);
        add(headers, "sec-fetch-dest", dest);
        String refusal = CallerCheck.refusal(HttpMethod.valueOf(method.toUpperCase(Locale.ROOT)), headers);
        assertThat(refusal == null).isEqualTo(answered.equals("yes"));
    }

    private static void add(HttpHeaders headers, String name, String values) {
        if (values != null) {
            for (String value : values.split("\\|", -1)) {
                headers.add(name, value);
            }
        }
    }
}
