package io.grpcweb.gateway.filter.extauthz;

import io.grpcweb.gateway.config.StringMatch;
import io.grpcweb.gateway.config.hocon.Fields;
import io.grpcweb.gateway.config.hocon.HeaderFormat;
import io.grpcweb.gateway.config.hocon.MatchFormat;
import io.grpcweb.gateway.config.hocon.ValueFormat;
import io.grpcweb.gateway.filter.service.GrpcService;
import io.grpcweb.gateway.filter.service.GrpcServiceFormat;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The settings in the gateway's own format. */
final class OwnExtAuthz {
    private static final GrpcService GRPC = GrpcServiceFormat.usual(AuthzService.USUAL_TIMEOUT);
    private static final AuthzService.Http HTTP =
            new AuthzService.Http("", AuthzService.USUAL_TIMEOUT, "", "", List.of(), AuthzService.HttpAnswer.NOTHING);

    private OwnExtAuthz() {}

    static ExtAuthzConfig fields(Fields own, ExtAuthzConfig given) {
        return new ExtAuthzConfig(
                given.name(),
                own.flag("off", given.off()),
                service(own, given.service()),
                own.section("shown", given.shown(), OwnExtAuthz::shown),
                own.section("body", given.body(), ExtAuthzConfig.Body.USUAL, OwnExtAuthz::body),
                extensions(own, given.extensions()),
                own.section("answer", given.effect(), OwnExtAuthz::effect),
                own.section("on-error", given.onError(), OwnExtAuthz::onError),
                own.share("share", given.enabled()),
                own.by(
                        given.where(),
                        section -> section.section("where").map(ValueFormat::metadata),
                        (tree, where) -> where.ifPresent(match -> tree.put("where", ValueFormat.write(match)))),
                own.flag("shadow", given.shadow()),
                own.flag("deny-others", given.denyOthers()),
                own.text("stat-prefix", given.statPrefix()),
                own.flag("count-at-cluster", given.countAtCluster()));
    }

    private static Optional<AuthzService> service(Fields own, Optional<AuthzService> given) {
        Optional<GrpcService> grpc = own.section(
                "grpc",
                given.filter(AuthzService.Grpc.class::isInstance).map(one -> ((AuthzService.Grpc) one).service()),
                GRPC,
                GrpcServiceFormat::fields);
        Optional<AuthzService.Http> http = own.section(
                "http",
                given.filter(AuthzService.Http.class::isInstance).map(AuthzService.Http.class::cast),
                HTTP,
                OwnExtAuthz::http);
        if (grpc.isPresent() == http.isPresent()) {
            own.error("", "one of the sections grpc and http is expected: the service that is asked");
        }
        return grpc.<AuthzService>map(AuthzService.Grpc::new).or(() -> http);
    }

    private static AuthzService.Http http(Fields own, AuthzService.Http given) {
        String cluster = own.text("cluster", given.cluster());
        if (cluster.isEmpty()) {
            own.error("", "'cluster' is required");
        }
        return new AuthzService.Http(
                cluster,
                own.duration("timeout", given.timeout()),
                path(own, "prefix", given.prefix()),
                path(own, "path", given.path()),
                HeaderFormat.adds(own, "add", given.add()),
                new AuthzService.HttpAnswer(
                        matches(own, "to-backend", given.answer().toBackend()),
                        matches(own, "to-backend-more", given.answer().toBackendMore()),
                        maybe(own, "to-client", given.answer().toClient()),
                        matches(own, "to-client-on-success", given.answer().toClientOnSuccess()),
                        matches(own, "to-metadata", given.answer().toMetadata())));
    }

    private static String path(Fields own, String key, String given) {
        String path = own.text(key, given);
        if (!path.isEmpty() && !path.startsWith("/")) {
            own.error(key, "a path begins with a slash");
        }
        return path;
    }

    private static ExtAuthzConfig.Shown shown(Fields own, ExtAuthzConfig.Shown given) {
        return new ExtAuthzConfig.Shown(
                new VisibleFields(
                        maybe(own, "fields", given.fields().allowed()),
                        matches(own, "hidden-fields", given.fields().hidden())),
                own.flag("raw-fields", given.rawFields()),
                own.flag("certificate", given.certificate()),
                own.flag("tls-session", given.tlsSession()),
                own.texts("metadata", given.metadata()),
                own.texts("route-metadata", given.routeMetadata()));
    }

    private static ExtAuthzConfig.Body body(Fields own, ExtAuthzConfig.Body given) {
        return new ExtAuthzConfig.Body(
                own.bytes("most", given.most()), own.flag("part", given.part()), own.flag("raw", given.raw()));
    }

    private static ExtAuthzConfig.Effect effect(Fields own, ExtAuthzConfig.Effect given) {
        return new ExtAuthzConfig.Effect(
                own.flag("reroute", given.reroute()),
                own.texts("reroute-fields", given.rerouteFields()),
                own.flag("keep-metadata", given.keepMetadata()),
                own.flag("strict", given.strict()),
                own.section("may-change", given.rules(), MutationRules.CAREFUL, OwnExtAuthz::rules),
                own.bytes("most-text", given.mostText()));
    }

    private static MutationRules rules(Fields own, MutationRules given) {
        return new MutationRules(
                own.flag("routing", given.routing()),
                own.flag("envoy", given.envoy()),
                own.flag("no-pseudo-fields", given.noSystem()),
                own.flag("nothing-else", given.nothing()),
                MatchFormat.pattern(own, "also", given.allowed()),
                MatchFormat.pattern(own, "never", given.refused()),
                own.flag("is-error", given.isError()));
    }

    private static ExtAuthzConfig.OnError onError(Fields own, ExtAuthzConfig.OnError given) {
        return new ExtAuthzConfig.OnError(
                own.flag("pass", given.pass()),
                own.flag("tell-backend", given.tell()),
                own.integer("status", given.status(), 200, 599));
    }

    private static List<StringMatch> matches(Fields own, String key, List<StringMatch> given) {
        return MatchFormat.texts(own, key, given);
    }

    /** A list that may be absent, which is not the same as an empty one. */
    private static Optional<List<StringMatch>> maybe(Fields own, String key, Optional<List<StringMatch>> given) {
        return own.ifWritten(key, given, List.of(), (fields, list) -> MatchFormat.texts(fields, key, list));
    }

    private static Map<String, String> extensions(Fields own, Map<String, String> given) {
        Map<String, String> found = new HashMap<>();
        own.map("facts", given).forEach((name, fact) -> found.put(name.toString(), fact.toString()));
        return found;
    }
}
