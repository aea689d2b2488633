package io.grpcweb.gateway.filter.customresponse;

import io.grpcweb.gateway.config.AccessLogConfig;
import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.AccessLogFormat;
import io.grpcweb.gateway.config.hocon.HeaderFormat;
import io.grpcweb.gateway.config.hocon.Section;
import io.grpcweb.gateway.config.hocon.Tree;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.filter.customresponse.CustomResponseConfig.Replacement;
import io.grpcweb.gateway.format.Substitutions;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.match.EnvoyTrees;
import io.grpcweb.gateway.match.MatchTree;
import io.grpcweb.gateway.match.OwnTrees;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The filter {@code custom-response}. */
public final class CustomResponseKind implements FilterKind<CustomResponseConfig> {
    private static final OwnTrees<Replacement> TREES =
            new OwnTrees<>("replies", true, CustomResponseKind::replacement, CustomResponseKind::write);

    @Override
    public Class<CustomResponseConfig> settings() {
        return CustomResponseConfig.class;
    }

    @Override
    public String type() {
        return "custom-response";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of("envoy.extensions.filters.http.custom_response.v3.CustomResponse");
    }

    @Override
    public CustomResponseConfig read(String name, Section own) {
        return new CustomResponseConfig(name, TREES.tree(own));
    }

    private static Replacement replacement(Section one) {
        Optional<AccessLogConfig.Format> format = AccessLogFormat.format(one, Optional.empty());
        if (format.isPresent() && format.get() instanceof AccessLogConfig.Format.Text text) {
            Substitutions.problem(text.format()).ifPresent(problem -> one.error("format", problem));
        }
        if (one.has("details") && one.flag("keep-details", false)) {
            one.error("details", "only one of details and keep-details may be written");
        }
        return new Replacement(
                one.has("status") ? OptionalInt.of(one.integer("status", 500, 200, 599)) : OptionalInt.empty(),
                one.text("body"),
                format,
                one.text("content-type"),
                HeaderFormat.adds(one, "headers", List.of()),
                one.flag("keep-details", false),
                one.text("details", ""));
    }

    @Override
    public void write(CustomResponseConfig config, Tree own) {
        TREES.write(config.replies(), own);
    }

    private static Tree write(Tree one, Replacement reply) {
        one.put("status", reply.status()).put("body", reply.body());
        AccessLogFormat.format(one, reply.format());
        one.put("content-type", reply.contentType());
        if (!reply.headers().isEmpty()) {
            HeaderFormat.adds(one, "headers", reply.headers());
        }
        return one.put("keep-details", reply.keepsDetails(), false).put("details", reply.details(), "");
    }

    @Override
    public CustomResponseConfig read(String name, Msg typed, Reading envoy) {
        return new CustomResponseConfig(
                name,
                typed.message("custom_response_matcher")
                        .map(tree -> new EnvoyTrees<>(envoy, true, action -> replacement(action, envoy)).tree(tree))
                        .orElse(new MatchTree<>(List.of(), Optional.empty())));
    }

    private static Optional<Replacement> replacement(Msg action, Reading envoy) {
        if (!action.type().endsWith(".LocalResponsePolicy")) {
            envoy.error(action, "", "a LocalResponsePolicy is needed, not " + action.type());
            return Optional.empty();
        }
        int status = action.integer("status_code", 0);
        Optional<Msg> format = action.message("body_format");
        return Optional.of(new Replacement(
                status == 0 ? OptionalInt.empty() : OptionalInt.of(status),
                action.message("body").map(envoy::content),
                format.map(envoy::format),
                format.flatMap(one -> one.filled("content_type")),
                envoy.headers().add(action, "response_headers_to_add"),
                action.flag("preserve_response_code_details", false),
                action.text("response_code_details")));
    }

    @Override
    public HttpFilterFactory make(CustomResponseConfig config, FilterContext context) {
        return new CustomResponseFactory(config, context.compiler());
    }
}
