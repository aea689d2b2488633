package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.CipherSuites;
import io.grpcweb.gateway.config.KeyPair;
import io.grpcweb.gateway.config.PemFiles;
import io.grpcweb.gateway.config.SecretContent;
import io.grpcweb.gateway.config.TlsConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** TLS contexts of both sides. */
final class Tls {
    private static final String DOWNSTREAM = "envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext";
    private static final String UPSTREAM = "envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext";

    private final Reading reading;
    private final Validations validations;
    private final ConfigSources sources;

    Tls(Reading reading, Matchers matchers) {
        this.reading = reading;
        this.validations = new Validations(reading, matchers);
        this.sources = new ConfigSources(reading);
    }

    /** The TLS of a filter chain; empty for cleartext. */
    Optional<TlsConfig.Downstream> downstream(Msg chain) {
        Optional<Msg> context = context(chain, DOWNSTREAM);
        if (context.isEmpty()) {
            return Optional.empty();
        }
        Msg common = context.get().message("common_tls_context").orElse(context.get());
        List<TlsConfig.Identity> identities = identities(common);
        TlsConfig.Secrets secrets = secrets(common);
        if (identities.isEmpty() && secrets.identities().isEmpty() && !reading.problems.any()) {
            reading.error(common, "", "tls_certificates is required for a listener with TLS");
        }
        List<String> alpn = alpn(common);
        if (alpn.isEmpty()) {
            reading.warn(
                    common,
                    "",
                    "no alpn_protocols: this listener speaks HTTP/1.1 only, as in Envoy; "
                            + "write [h2, http/1.1] for HTTP/2");
        }
        Optional<Validation> validation = validations.read(common);
        Optional<TlsConfig.Source> ca = validation.flatMap(Validation::ca);
        boolean required = context.get().flag("require_client_certificate", false);
        TlsConfig.Pins pins = validation.map(Validation::pins).orElse(TlsConfig.Pins.NONE);
        if (ca.isEmpty() && validation.filter(Validation::system).isPresent()) {
            reading.error(
                    validation.get().place(),
                    "",
                    "not supported by this gateway: system_root_certs are no authorities for certificates of clients;"
                            + " write trusted_ca");
        } else if (required
                && ca.isEmpty()
                && pins.isEmpty()
                && secrets.validation().isEmpty()) {
            reading.error(
                    context.get(),
                    "require_client_certificate",
                    "not supported by this gateway: without validation_context.trusted_ca every certificate would do");
        }
        validation.ifPresent(rules -> {
            if (!rules.names().isEmpty() && ca.isEmpty() && secrets.validation().isEmpty()) {
                reading.error(
                        rules.place(),
                        "",
                        "SAN-based verification of peer certificates without trusted_ca is insecure and not allowed");
            }
        });
        return Optional.of(new TlsConfig.Downstream(
                identities,
                alpn,
                ca,
                required,
                params(common),
                secrets,
                validation.map(Validation::names).orElse(List.of()),
                pins));
    }

    /**
     * The TLS of a cluster; empty for cleartext.
     *
     * @param owner of a transport socket: a cluster, or an entry of its matches
     */
    Optional<TlsConfig.Upstream> upstream(Msg owner, boolean autoSni, boolean autoSan) {
        Optional<Msg> found = context(owner, UPSTREAM);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Msg context = found.get();
        Msg common = context.message("common_tls_context").orElse(context);
        Optional<Validation> validation = validations.read(common);
        boolean verify = validation.map(Validation::verifies).orElse(false);
        TlsConfig.Secrets secrets = secrets(common);
        TlsConfig.Pins pins = validation.map(Validation::pins).orElse(TlsConfig.Pins.NONE);
        if (!verify && pins.isEmpty() && secrets.validation().isEmpty()) {
            unverified(context);
        }
        List<TlsConfig.Identity> identities = identities(common);
        if (identities.size() > 1) {
            reading.error(common, "", "only one certificate is shown to backends, not " + identities.size());
        }
        boolean hostname = autoSan || context.flag("auto_sni_san_validation", false);
        return Optional.of(new TlsConfig.Upstream(
                context.filled("sni"),
                context.flag("auto_host_sni", false),
                autoSni,
                verify,
                validation.flatMap(Validation::ca),
                hostname,
                validation.map(Validation::names).orElse(List.of()),
                identities.stream().findFirst(),
                alpn(common),
                context.integer("max_session_keys", TlsConfig.Upstream.SESSION_KEYS),
                params(common),
                secrets,
                pins));
    }

    private void unverified(Msg context) {
        String text =
                "THE CERTIFICATES OF THESE BACKENDS ARE NOT VERIFIED, as in Envoy: anyone can pretend to be them. "
                        + "Write common_tls_context.validation_context.trusted_ca";
        if (reading.strictUpstreamTls) {
            reading.error(context, "", text + " (refused because of --strict-upstream-tls)");
        } else {
            reading.warn(context, "", text);
        }
    }

    private Optional<Msg> context(Msg owner, String expected) {
        Optional<Msg> typed = owner.message("transport_socket").flatMap(socket -> socket.message("typed_config"));
        if (typed.isEmpty() || typed.get().type().endsWith(".RawBuffer")) {
            return Optional.empty();
        }
        if (!typed.get().type().equals(expected)) {
            reading.error(typed.get(), "", "wrong side: " + expected + " is expected here");
            return Optional.empty();
        }
        return typed;
    }

    private List<TlsConfig.Identity> identities(Msg common) {
        List<TlsConfig.Identity> identities = new ArrayList<>();
        for (Msg certificate : common.messages("tls_certificates")) {
            identity(certificate).ifPresent(identities::add);
        }
        for (Msg reference : common.messages("tls_certificate_sds_secret_configs")) {
            if (!reference.has("sds_config")) {
                reading.secret(reference, "tls_certificate")
                        .flatMap(this::identity)
                        .ifPresent(identities::add);
            }
        }
        return identities;
    }

    /** What of it comes from elsewhere. */
    private TlsConfig.Secrets secrets(Msg common) {
        Optional<Msg> judge = common.message("combined_validation_context")
                .flatMap(combined -> combined.message("validation_context_sds_secret_config"))
                .or(() -> common.message("validation_context_sds_secret_config"));
        return new TlsConfig.Secrets(
                common.messages("tls_certificate_sds_secret_configs").stream()
                        .flatMap(reference -> secretRef(reference).stream())
                        .toList(),
                judge.flatMap(this::secretRef));
    }

    private Optional<TlsConfig.SecretRef> secretRef(Msg reference) {
        return sources.read(reference, "sds_config")
                .map(source -> new TlsConfig.SecretRef(reference.text("name"), source));
    }

    /** What a secret holds that came from elsewhere. */
    SecretContent content(Msg secret) {
        Optional<SecretContent> certificate =
                secret.message("tls_certificate").flatMap(this::identity).map(SecretContent.Certificate::new);
        return certificate
                .or(() -> secret.message("validation_context").map(validations::content))
                .orElse(new SecretContent.Other());
    }

    /** A {@code TlsCertificate}. */
    private Optional<TlsConfig.Identity> identity(Msg certificate) {
        Optional<Msg> chain = certificate.message("certificate_chain");
        Optional<Msg> key = certificate.message("private_key");
        if (chain.isEmpty() || key.isEmpty()) {
            reading.error(certificate, "", "certificate_chain and private_key are both required");
            return Optional.empty();
        }
        Optional<TlsConfig.Source> password =
                certificate.message("password").map(source -> DataSources.source(source, reading));
        return Optional.of(identity(chain.get(), key.get(), password, reading));
    }

    /** A certificate with its chain, and its key. */
    static TlsConfig.Identity identity(Msg chain, Msg key, Optional<TlsConfig.Source> password, Reading reading) {
        TlsConfig.Source chainSource = DataSources.source(chain, reading);
        TlsConfig.Source keySource = DataSources.source(key, reading);
        TlsConfig.Identity identity = new TlsConfig.Identity(chainSource, keySource, password);
        Optional<String> chainProblem = PemFiles.certificateProblem(chainSource);
        Optional<String> keyProblem = PemFiles.keyProblem(keySource);
        chainProblem.ifPresent(problem -> reading.error(chain, chain.which("specifier"), problem));
        keyProblem.ifPresent(problem -> reading.error(key, key.which("specifier"), problem));
        if (chainProblem.isEmpty() && keyProblem.isEmpty()) {
            KeyPair.problem(identity).ifPresent(problem -> reading.error(key, key.which("specifier"), problem));
        }
        return identity;
    }

    /** Envoy joins the entries by commas, so that one entry may hold several protocols. */
    private static List<String> alpn(Msg common) {
        List<String> protocols = new ArrayList<>();
        for (String entry : common.texts("alpn_protocols")) {
            for (String protocol : entry.split(",", -1)) {
                if (!protocol.isBlank()) {
                    protocols.add(protocol.strip());
                }
            }
        }
        return protocols;
    }

    private TlsConfig.Params params(Msg common) {
        return common.message("tls_params")
                .map(params -> new TlsConfig.Params(
                        version(params.text("tls_minimum_protocol_version")),
                        version(params.text("tls_maximum_protocol_version")),
                        ciphers(params),
                        params.texts("ecdh_curves")))
                .orElse(TlsConfig.Params.DEFAULT);
    }

    private List<String> ciphers(Msg params) {
        List<String> found = new ArrayList<>();
        for (String text : params.texts("cipher_suites")) {
            Optional<List<String>> names = CipherSuites.standard(text);
            if (names.isEmpty()) {
                reading.error(params, "cipher_suites", CipherSuites.unknown(text));
            }
            names.ifPresent(found::addAll);
        }
        if (!found.isEmpty() && CipherSuites.TLS13.containsAll(found)) {
            // Envoy's library does not take a list that leaves nothing to choose.
            reading.error(
                    params,
                    "cipher_suites",
                    "Failed to initialize cipher suites " + String.join(":", params.texts("cipher_suites"))
                            + ": those of TLS 1.3 are always on, and the list is for the versions before it");
        }
        return found;
    }

    private static Optional<String> version(String name) {
        return switch (name) {
            case "TLSv1_0" -> Optional.of("TLSv1");
            case "TLSv1_1" -> Optional.of("TLSv1.1");
            case "TLSv1_2" -> Optional.of("TLSv1.2");
            case "TLSv1_3" -> Optional.of("TLSv1.3");
            default -> Optional.empty();
        };
    }
}
