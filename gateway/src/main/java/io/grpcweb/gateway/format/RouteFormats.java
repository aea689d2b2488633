package io.grpcweb.gateway.format;

import io.grpcweb.gateway.config.ConfigProblem;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.HeaderRules;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.http.Substitution;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Looks for operators that do not exist in what a configuration adds to heads and writes into bodies. */
public final class RouteFormats {
    private final Substitution.Compiler compiler = new Substitutions();
    private final List<ConfigProblem> problems = new ArrayList<>();
    private final String file;

    private RouteFormats(String file) {
        this.file = file;
    }

    /** What is wrong, each with its place. */
    public static List<ConfigProblem> problems(GatewayConfig config, String file) {
        RouteFormats check = new RouteFormats(file);
        for (ListenerConfig listener : config.listeners()) {
            listener.httpChains().forEach(chain -> check.http("listener " + listener.name(), chain.http()));
        }
        return check.problems;
    }

    private void http(String place, HttpConfig http) {
        RouteConfig routes = http.routes();
        rules(place, routes.headers());
        for (RouteConfig.VirtualHost host : routes.virtualHosts()) {
            rules(host.place().text(), host.headers());
            for (RouteConfig.Route route : host.routes()) {
                rules(route.place().text(), route.headers());
                if (route.action() instanceof RouteConfig.Forward forward
                        && forward.cluster() instanceof RouteConfig.ClusterChoice.Weighted weighted) {
                    weighted.clusters().forEach(cluster -> rules(route.place().text(), cluster.headers()));
                }
            }
        }
        for (HttpConfig.LocalReplyMapping mapping : http.localReplies()) {
            rules(place, mapping.headers());
            mapping.bodyFormat().ifPresent(format -> check(place, () -> compiler.body(format)));
        }
    }

    private void rules(String place, HeaderRules rules) {
        Stream.concat(rules.requestAdd().stream(), rules.responseAdd().stream())
                .forEach(add -> check(place + ", header field " + add.name(), () -> compiler.field(add.value())));
    }

    private void check(String place, Runnable attempt) {
        try {
            attempt.run();
        } catch (BadFormat e) {
            problems.add(new ConfigProblem(file, 0, place, e.getMessage()));
        }
    }
}
