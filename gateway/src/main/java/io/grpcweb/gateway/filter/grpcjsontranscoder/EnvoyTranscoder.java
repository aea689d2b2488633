package io.grpcweb.gateway.filter.grpcjsontranscoder;

import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.filter.grpcjsontranscoder.TranscoderConfig.Escapes;
import io.grpcweb.gateway.filter.grpcjsontranscoder.TranscoderConfig.StreamForm;
import io.grpcweb.gateway.schema.BadDescriptors;
import io.grpcweb.gateway.schema.DescriptorSource;
import io.grpcweb.gateway.schema.JsonStyle;
import io.grpcweb.gateway.schema.ProtoSchema;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Reads the filter from a file of Envoy. */
final class EnvoyTranscoder {
    /** What Envoy holds of a stream of HTTP/2 unless the file says otherwise. */
    private static final int MOST = 16 << 20;

    private EnvoyTranscoder() {}

    static TranscoderConfig read(String name, Msg typed, Reading envoy) {
        List<String> services = typed.texts("services");
        Optional<DescriptorSource> source = source(typed);
        // Without services the filter is off, and nobody looks at the descriptors.
        Optional<ProtoSchema> schema =
                services.isEmpty() ? Optional.empty() : source.flatMap(one -> schema(one, typed, envoy));
        TranscoderConfig config = new TranscoderConfig(
                name,
                source,
                schema,
                Optional.empty(),
                services,
                typed.message("print_options").map(EnvoyTranscoder::style).orElse(JsonStyle.COMPACT),
                typed.message("print_options").map(EnvoyTranscoder::streams).orElse(StreamForm.ARRAY),
                new TranscoderConfig.Methods(
                        typed.flag("auto_mapping", false),
                        typed.flag("match_unregistered_custom_verb", false),
                        escapes(typed.text("url_unescape_spec"))),
                new TranscoderConfig.Query(
                        typed.texts("ignored_query_parameters"),
                        typed.flag("ignore_unknown_query_parameters", false),
                        typed.flag("capture_unknown_query_parameters", false),
                        typed.flag("query_param_unescape_plus", false)),
                errors(typed),
                typed.flag("match_incoming_request_route", false),
                typed.flag("case_insensitive_enum_parsing", false),
                typed.integer("max_request_body_size", MOST),
                typed.integer("max_response_body_size", MOST));
        schema.ifPresent(known ->
                Rules.of(known, services, config.methods(), problem -> envoy.error(typed, "services", problem)));
        return config;
    }

    private static Optional<DescriptorSource> source(Msg typed) {
        return switch (typed.which("descriptor_set")) {
            case "proto_descriptor" -> Optional.of(new DescriptorSource.InFile(typed.text("proto_descriptor")));
            case "proto_descriptor_bin" ->
                Optional.of(new DescriptorSource.Inline(base64(typed.text("proto_descriptor_bin"))));
            default -> Optional.empty();
        };
    }

    /** The reader of files gives bytes as characters. */
    private static String base64(String bytes) {
        return Base64.getEncoder().encodeToString(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static Optional<ProtoSchema> schema(DescriptorSource source, Msg typed, Reading envoy) {
        try {
            if (source instanceof DescriptorSource.InFile file) {
                envoy.reads(file.path());
            }
            return Optional.of(ProtoSchema.load(source));
        } catch (BadDescriptors e) {
            envoy.error(typed, typed.which("descriptor_set"), e.getMessage());
            return Optional.empty();
        }
    }

    private static JsonStyle style(Msg options) {
        return new JsonStyle(
                options.flag("add_whitespace", false),
                options.flag("always_print_primitive_fields", false),
                options.flag("always_print_enums_as_ints", false),
                options.flag("preserve_proto_field_names", false));
    }

    private static StreamForm streams(Msg options) {
        if (options.flag("stream_sse_style_delimited", false)) {
            return StreamForm.EVENTS;
        }
        return options.flag("stream_newline_delimited", false) ? StreamForm.LINES : StreamForm.ARRAY;
    }

    private static Escapes escapes(String spec) {
        return switch (spec) {
            case "ALL_CHARACTERS" -> Escapes.ALL;
            case "ALL_CHARACTERS_EXCEPT_SLASH" -> Escapes.ALL_BUT_SLASH;
            default -> Escapes.ALL_BUT_RESERVED;
        };
    }

    private static TranscoderConfig.Errors errors(Msg typed) {
        Optional<Msg> options = typed.message("request_validation_options");
        return new TranscoderConfig.Errors(
                typed.flag("convert_grpc_status", false),
                options.map(one -> one.flag("reject_unknown_method", false)).orElse(false),
                options.map(one -> one.flag("reject_unknown_query_parameters", false))
                        .orElse(false),
                options.map(one -> one.flag("reject_binding_body_field_collisions", false))
                        .orElse(false));
    }
}
