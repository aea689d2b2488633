package io.grpcweb.gateway.filter.setfilterstate;

import io.grpcweb.gateway.config.AccessLogConfig;
import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.AccessLogFormat;
import io.grpcweb.gateway.config.hocon.Section;
import io.grpcweb.gateway.config.hocon.Tree;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.filter.setfilterstate.SetFilterStateConfig.Kept;
import io.grpcweb.gateway.format.Substitutions;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The filter {@code set-filter-state}. */
public final class SetFilterStateKind implements FilterKind<SetFilterStateConfig> {
    /** Objects that are texts and nothing more; others change what Envoy does with the connection to the backend. */
    private static final Set<String> TEXTS = Set.of("envoy.string", "envoy.hashable_string");

    @Override
    public Class<SetFilterStateConfig> settings() {
        return SetFilterStateConfig.class;
    }

    @Override
    public String type() {
        return "set-filter-state";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of("envoy.extensions.filters.http.set_filter_state.v3.Config");
    }

    @Override
    public SetFilterStateConfig read(String name, Section own) {
        return new SetFilterStateConfig(
                name,
                own.sections("state").stream().map(SetFilterStateKind::entry).toList());
    }

    private static Kept entry(Section one) {
        if (one.text("key").isEmpty()) {
            one.error("", "'key' is required");
        }
        Optional<AccessLogConfig.Format> format = AccessLogFormat.format(one, Optional.empty());
        if (format.isEmpty()) {
            one.error("", "one of format and json is expected");
        } else if (format.get() instanceof AccessLogConfig.Format.Text text) {
            Substitutions.problem(text.format()).ifPresent(problem -> one.error("format", problem));
        }
        return new Kept(
                one.text("key", ""),
                format.orElse(new AccessLogConfig.Format.Text("", false)),
                one.flag("read-only", false),
                one.flag("skip-if-empty", false));
    }

    @Override
    public void write(SetFilterStateConfig config, Tree own) {
        own.list("state", config.entries(), entry -> {
            Tree tree = new Tree().put("key", entry.key());
            AccessLogFormat.format(tree, Optional.of(entry.format()));
            return tree.put("read-only", entry.readOnly(), false).put("skip-if-empty", entry.skipIfEmpty(), false);
        });
    }

    @Override
    public SetFilterStateConfig read(String name, Msg typed, Reading envoy) {
        return new SetFilterStateConfig(
                name,
                typed.messages("on_request_headers").stream()
                        .map(one -> entry(one, envoy))
                        .toList());
    }

    private static Kept entry(Msg one, Reading envoy) {
        String key = one.text("object_key");
        String kind = one.filled("factory_key").orElse(key);
        if (!TEXTS.contains(kind)) {
            envoy.error(
                    one,
                    one.has("factory_key") ? "factory_key" : "object_key",
                    "not supported by this gateway: an object of the kind '" + kind
                            + "'; write factory_key envoy.string for a text that filters and logs read");
        }
        return new Kept(
                key,
                one.message("format_string").map(envoy::format).orElse(new AccessLogConfig.Format.Text("", false)),
                one.flag("read_only", false),
                one.flag("skip_if_empty", false));
    }

    @Override
    public HttpFilterFactory make(SetFilterStateConfig config, FilterContext context) {
        return new SetFilterStateFactory(config, context.compiler());
    }
}
