package io.grpcweb.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import io.grpcweb.gateway.config.HeaderRules;
import io.grpcweb.gateway.config.Origin;
import io.grpcweb.gateway.config.RateLimit;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.RouteConfig.PathMatch;
import io.grpcweb.gateway.config.RouteConfig.Route;
import io.grpcweb.gateway.http.KnownServices;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RouteIndexTest {
    private static final String[] SEGMENTS = {"/", "a", "b", "A", "ab", "/a", "/b", "/ab/"};

    @Test
    void onlyRoutesThatMayFitAreCandidates() {
        RouteIndex index = new RouteIndex(
                Stream.of(
                                new PathMatch.Prefix("/a.B/", false),
                                new PathMatch.Exact("/c", false),
                                new PathMatch.Regex(Pattern.compile("/[cd]")),
                                new PathMatch.Prefix("/", false),
                                new PathMatch.Prefix("/a", true))
                        .map(RouteIndexTest::route)
                        .toList(),
                KnownServices.NONE);
        assertThat(names(index.candidates("/a.B/M"))).containsExactly("Prefix", "Regex", "Prefix", "Prefix");
        assertThat(names(index.candidates("/c"))).containsExactly("Exact", "Regex", "Prefix", "Prefix");
        assertThat(names(index.candidates("*"))).containsExactly("Regex", "Prefix");
    }

    @Test
    void theFirstRouteThatFitsIsTheSameAsWithoutAnIndex() {
        Random random = new Random(7);
        for (int round = 0; round < 300; round++) {
            List<Route> routes = IntStream.range(0, 1 + random.nextInt(40))
                    .mapToObj(i -> route(match(random)))
                    .toList();
            RouteIndex index = new RouteIndex(routes, KnownServices.NONE);
            for (int i = 0; i < 100; i++) {
                String path = path(random);
                Optional<Route> wanted = routes.stream()
                        .filter(route -> new RouteMatcher(route, KnownServices.NONE).matchesPath(path))
                        .findFirst();
                Optional<Route> found = Arrays.stream(index.candidates(path))
                        .filter(matcher -> matcher.matchesPath(path))
                        .map(RouteMatcher::route)
                        .findFirst();
                assertThat(found).as("%s among %s", path, routes).isEqualTo(wanted);
            }
        }
    }

    private static PathMatch match(Random random) {
        boolean ignoreCase = random.nextInt(4) == 0;
        return switch (random.nextInt(4)) {
            case 0 -> new PathMatch.Exact(path(random), ignoreCase);
            case 1 -> new PathMatch.Regex(Pattern.compile(path(random) + "[ab]*"));
            case 2 -> new PathMatch.SeparatedPrefix(path(random), ignoreCase);
            default -> new PathMatch.Prefix(path(random), ignoreCase);
        };
    }

    private static String path(Random random) {
        StringBuilder path = new StringBuilder("/");
        for (int i = random.nextInt(4); i > 0; i--) {
            path.append(SEGMENTS[random.nextInt(SEGMENTS.length)]);
        }
        return path.toString();
    }

    private static List<String> names(RouteMatcher[] matchers) {
        return Arrays.stream(matchers)
                .map(matcher -> matcher.route().match().path().getClass().getSimpleName())
                .toList();
    }

    private static Route route(PathMatch path) {
        return new Route(
                "",
                new RouteConfig.Match(path, List.of(), List.of(), false, 1),
                new RouteConfig.DirectResponse(200, ""),
                HeaderRules.NONE,
                Map.of(),
                RateLimit.Rules.NONE,
                Origin.NONE);
    }
}
