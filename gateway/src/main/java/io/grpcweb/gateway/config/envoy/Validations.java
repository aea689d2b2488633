package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.PemFiles;
import io.grpcweb.gateway.config.SecretContent;
import io.grpcweb.gateway.config.TlsConfig;
import io.grpcweb.gateway.config.TlsConfig.SubjectAltName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Certificate validation contexts: written in place, as a secret of the file, or both merged. */
final class Validations {
    private final Reading reading;
    private final Matchers matchers;

    Validations(Reading reading, Matchers matchers) {
        this.reading = reading;
        this.matchers = matchers;
    }

    /** Of a {@code CommonTlsContext}. */
    Optional<Validation> read(Msg common) {
        List<Msg> parts = new ArrayList<>();
        common.message("combined_validation_context").ifPresent(combined -> {
            combined.message("default_validation_context").ifPresent(parts::add);
            addSecret(combined, parts);
        });
        common.message("validation_context").ifPresent(parts::add);
        addSecret(common, parts);
        return parts.isEmpty() ? Optional.empty() : Optional.of(merged(parts));
    }

    private void addSecret(Msg owner, List<Msg> parts) {
        owner.message("validation_context_sds_secret_config")
                .filter(reference -> !reference.has("sds_config"))
                .flatMap(reference -> reading.secret(reference, "validation_context"))
                .ifPresent(parts::add);
    }

    /** What a {@code CertificateValidationContext} says that came from elsewhere. */
    SecretContent content(Msg context) {
        Validation one = merged(List.of(context));
        return new SecretContent.Validation(one.ca(), one.system(), one.untrusted(), one.names(), one.pins());
    }

    /** As protobuf merges messages: the last value that is set counts, lists are joined. */
    private Validation merged(List<Msg> parts) {
        Optional<TlsConfig.Source> ca = Optional.empty();
        boolean system = false;
        boolean untrusted = false;
        List<SubjectAltName> names = new ArrayList<>();
        TlsConfig.Pins pins = TlsConfig.Pins.NONE;
        for (Msg part : parts) {
            Optional<TlsConfig.Source> own = ca(part);
            ca = own.isPresent() ? own : ca;
            system |= part.has("system_root_certs");
            untrusted |= part.text("trust_chain_verification").equals("ACCEPT_UNTRUSTED");
            names.addAll(names(part));
            pins = pins.and(pins(part));
        }
        return new Validation(parts.get(0), ca, system, untrusted, names, pins);
    }

    private TlsConfig.Pins pins(Msg validation) {
        List<String> certificates = new ArrayList<>();
        for (String text : validation.texts("verify_certificate_hash")) {
            String hex = TlsConfig.Pins.plain(text);
            if (!TlsConfig.Pins.isCertificate(hex)) {
                reading.error(validation, "verify_certificate_hash", "Invalid hex-encoded SHA-256 '" + text + "'");
            }
            certificates.add(hex);
        }
        for (String text : validation.texts("verify_certificate_spki")) {
            if (!TlsConfig.Pins.isKey(text)) {
                reading.error(validation, "verify_certificate_spki", "Invalid base64-encoded SHA-256 '" + text + "'");
            }
        }
        return new TlsConfig.Pins(certificates, validation.texts("verify_certificate_spki"));
    }

    private Optional<TlsConfig.Source> ca(Msg validation) {
        return validation.message("trusted_ca").map(source -> {
            TlsConfig.Source ca = DataSources.source(source, reading);
            PemFiles.certificateProblem(ca)
                    .ifPresent(problem -> reading.error(source, source.which("specifier"), problem));
            return ca;
        });
    }

    /** Where both spellings are there, the newer one counts, as in Envoy. */
    private List<SubjectAltName> names(Msg validation) {
        List<SubjectAltName> found = new ArrayList<>();
        for (Msg typed : validation.messages("match_typed_subject_alt_names")) {
            SubjectAltName.Kind kind = SubjectAltName.Kind.valueOf(typed.text("san_type", "DNS"));
            typed.message("matcher")
                    .flatMap(matchers::text)
                    .ifPresent(match -> found.add(new SubjectAltName(kind, match)));
        }
        if (found.isEmpty()) {
            matchers.texts(validation.messages("match_subject_alt_names"))
                    .forEach(match -> found.add(new SubjectAltName(SubjectAltName.Kind.ANY, match)));
        }
        return found;
    }
}
