package io.grpcweb.gateway.filter.greeting;

import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.Section;
import io.grpcweb.gateway.config.hocon.Tree;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;

/** A filter that is not the gateway's own: adds one field to each response. */
public final class GreetingKind implements FilterKind<GreetingKind.Greeting> {

    /** What it says. */
    record Greeting(String name, String text) implements FilterConfig {}

    @Override
    public Class<Greeting> settings() {
        return Greeting.class;
    }

    @Override
    public String type() {
        return "greeting";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of("example.Greeting", "example.GreetingOfRoute");
    }

    @Override
    public List<String> olderNames() {
        return List.of("greeting");
    }

    @Override
    public Greeting read(String name, Section own) {
        return new Greeting(name, own.text("text", "hello"));
    }

    @Override
    public void write(Greeting config, Tree own) {
        own.put("text", config.text(), "hello");
    }

    @Override
    public Greeting read(String name, Msg typed, Reading envoy) {
        return new Greeting(name, typed.text("text", "hello"));
    }

    @Override
    public Greeting onRoute(Greeting listener, List<Greeting> places, Msg where, Reading envoy) {
        StringBuilder all = new StringBuilder(listener.text());
        places.forEach(place -> all.append(", ").append(place.text()));
        return new Greeting(listener.name(), all.toString());
    }

    @Override
    public HttpFilterFactory make(Greeting config, FilterContext context) {
        return (exchange, head) -> new HttpFilter() {
            @Override
            public void responseHead(Http2Headers answer, boolean end) {
                answer.set(
                        "x-greeting", config.text() + " from " + context.node().cluster());
                upper().responseHead(answer, end);
            }
        };
    }
}
