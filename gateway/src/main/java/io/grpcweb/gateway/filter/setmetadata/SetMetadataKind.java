package io.grpcweb.gateway.filter.setmetadata;

import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.Section;
import io.grpcweb.gateway.config.hocon.Tree;
import io.grpcweb.gateway.config.hocon.ValueFormat;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.filter.setmetadata.SetMetadataConfig.Addition;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.util.ArrayList;
import java.util.List;

/** The filter {@code set-metadata}. */
public final class SetMetadataKind implements FilterKind<SetMetadataConfig> {

    @Override
    public Class<SetMetadataConfig> settings() {
        return SetMetadataConfig.class;
    }

    @Override
    public String type() {
        return "set-metadata";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of("envoy.extensions.filters.http.set_metadata.v3.Config");
    }

    @Override
    public SetMetadataConfig read(String name, Section own) {
        return new SetMetadataConfig(
                name,
                own.sections("metadata").stream().map(SetMetadataKind::entry).toList());
    }

    private static Addition entry(Section one) {
        if (one.text("namespace").isEmpty()) {
            one.error("", "'namespace' is required");
        }
        return new Addition(one.text("namespace", ""), ValueFormat.struct(one, "value"), one.flag("overwrite", false));
    }

    @Override
    public void write(SetMetadataConfig config, Tree own) {
        own.list("metadata", config.entries(), entry -> new Tree()
                .put("namespace", entry.namespace())
                .put("value", entry.value().byReader())
                .put("overwrite", entry.overwrite(), false));
    }

    @Override
    public SetMetadataConfig read(String name, Msg typed, Reading envoy) {
        List<Addition> entries = new ArrayList<>();
        if (!typed.text("metadata_namespace").isEmpty()) {
            // The older fields, which are always merged.
            entries.add(new Addition(typed.text("metadata_namespace"), envoy.struct(typed, "value"), true));
        }
        for (Msg one : typed.messages("metadata")) {
            entries.add(new Addition(
                    one.text("metadata_namespace"), envoy.struct(one, "value"), one.flag("allow_overwrite", false)));
        }
        return new SetMetadataConfig(name, entries);
    }

    @Override
    public HttpFilterFactory make(SetMetadataConfig config, FilterContext context) {
        String http = context.http().statPrefix();
        return new SetMetadataFactory(
                config,
                context.stats()
                        .group(
                                "http." + http + ".set_metadata",
                                SetMetadataStats.class,
                                () -> new SetMetadataStats(http)));
    }
}
