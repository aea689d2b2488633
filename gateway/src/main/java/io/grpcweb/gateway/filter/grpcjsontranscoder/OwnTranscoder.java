package io.grpcweb.gateway.filter.grpcjsontranscoder;

import io.grpcweb.gateway.config.hocon.Fields;
import io.grpcweb.gateway.config.hocon.Section;
import io.grpcweb.gateway.filter.grpcjsontranscoder.TranscoderConfig.Escapes;
import io.grpcweb.gateway.filter.grpcjsontranscoder.TranscoderConfig.StreamForm;
import io.grpcweb.gateway.schema.BadDescriptors;
import io.grpcweb.gateway.schema.DescriptorSource;
import io.grpcweb.gateway.schema.JsonStyle;
import io.grpcweb.gateway.schema.ProtoSchema;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The filter in the gateway's own format. */
final class OwnTranscoder {
    /** What gRPC libraries take of a message. */
    private static final int MOST = 4 << 20;

    private OwnTranscoder() {}

    static TranscoderConfig usual(String name) {
        return new TranscoderConfig(
                name,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                JsonStyle.COMPACT,
                StreamForm.ARRAY,
                new TranscoderConfig.Methods(false, false, Escapes.ALL_BUT_RESERVED),
                new TranscoderConfig.Query(List.of(), false, false, false),
                new TranscoderConfig.Errors(true, false, false, false),
                false,
                false,
                MOST,
                MOST);
    }

    static TranscoderConfig fields(Fields own, TranscoderConfig given) {
        Optional<DescriptorSource> source = source(own, given);
        List<String> services = own.texts("services", given.services());
        Optional<ProtoSchema> schema =
                own.writing() || services.isEmpty() ? given.schema() : source.flatMap(one -> schema(own, one));
        Optional<String> reflection = own.text("reflection", given.reflection());
        if (!own.writing() && source.isPresent() && reflection.isPresent()) {
            own.error("reflection", "only one of descriptors, descriptors-inline and reflection is expected");
        } else if (!own.writing() && !services.isEmpty() && source.isEmpty() && reflection.isEmpty()) {
            own.error("", "one of descriptors, descriptors-inline and reflection is expected");
        }
        TranscoderConfig config = new TranscoderConfig(
                given.name(),
                source,
                schema,
                reflection,
                services,
                own.section("print", given.style(), OwnTranscoder::style),
                own.choice("streams", given.streams()),
                methods(own, given.methods()),
                own.section("query", given.query(), OwnTranscoder::query),
                errors(own, given.errors()),
                own.flag("keep-route", given.keepsRoute()),
                own.flag("any-case-enums", given.anyCaseEnums()),
                own.bytes("most-request", given.mostRequest()),
                own.bytes("most-response", given.mostResponse()));
        if (!own.writing()) {
            schema.ifPresent(
                    known -> Rules.of(known, services, config.methods(), problem -> own.error("services", problem)));
        }
        return config;
    }

    private static Optional<DescriptorSource> source(Fields own, TranscoderConfig given) {
        Optional<String> file = own.text(
                "descriptors",
                given.descriptors()
                        .filter(DescriptorSource.InFile.class::isInstance)
                        .map(one -> ((DescriptorSource.InFile) one).path()));
        Optional<String> inline = own.text(
                "descriptors-inline",
                given.descriptors()
                        .filter(DescriptorSource.Inline.class::isInstance)
                        .map(one -> ((DescriptorSource.Inline) one).base64()));
        if (file.isPresent() && inline.isPresent()) {
            own.error("descriptors-inline", "only one of descriptors and descriptors-inline is expected");
        }
        return file.<DescriptorSource>map(DescriptorSource.InFile::new)
                .or(() -> inline.map(DescriptorSource.Inline::new));
    }

    private static Optional<ProtoSchema> schema(Fields own, DescriptorSource source) {
        String key = source instanceof DescriptorSource.InFile ? "descriptors" : "descriptors-inline";
        try {
            if (source instanceof DescriptorSource.InFile file && own instanceof Section section) {
                section.reads(Path.of(file.path()));
            }
            return Optional.of(ProtoSchema.load(source));
        } catch (BadDescriptors | InvalidPathException e) {
            own.error(key, e.getMessage());
            return Optional.empty();
        }
    }

    private static JsonStyle style(Fields own, JsonStyle given) {
        return new JsonStyle(
                own.flag("whitespace", given.whitespace()),
                own.flag("defaults", given.defaults()),
                own.flag("enum-numbers", given.enumNumbers()),
                own.flag("proto-names", given.protoNames()));
    }

    private static TranscoderConfig.Methods methods(Fields own, TranscoderConfig.Methods given) {
        return new TranscoderConfig.Methods(
                own.flag("own-paths", given.ownPaths()),
                own.flag("any-verb", given.anyVerb()),
                own.choice("unescaped", given.unescaped()));
    }

    private static TranscoderConfig.Query query(Fields own, TranscoderConfig.Query given) {
        return new TranscoderConfig.Query(
                own.texts("ignored", given.ignored()),
                own.flag("ignore-unknown", given.ignoreUnknown()),
                own.flag("capture-unknown", given.captureUnknown()),
                own.flag("plus-is-blank", given.plusIsBlank()));
    }

    private static TranscoderConfig.Errors errors(Fields own, TranscoderConfig.Errors given) {
        return new TranscoderConfig.Errors(
                own.flag("errors-as-json", given.asJson()),
                own.flag("refuse-unknown-method", given.unknownMethod()),
                own.flag("refuse-unknown-parameter", given.unknownParameter()),
                own.flag("refuse-collisions", given.collisions()));
    }
}
