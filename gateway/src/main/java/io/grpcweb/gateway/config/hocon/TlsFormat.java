package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.CipherSuites;
import io.grpcweb.gateway.config.KeyPair;
import io.grpcweb.gateway.config.Origin;
import io.grpcweb.gateway.config.PemFiles;
import io.grpcweb.gateway.config.StringMatch;
import io.grpcweb.gateway.config.TlsConfig;
import io.grpcweb.gateway.config.TlsConfig.Downstream;
import io.grpcweb.gateway.config.TlsConfig.Identity;
import io.grpcweb.gateway.config.TlsConfig.Source;
import io.grpcweb.gateway.config.TlsConfig.SubjectAltName;
import io.grpcweb.gateway.config.TlsConfig.Upstream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** TLS of both sides in the gateway's own format. */
final class TlsFormat {
    static final Downstream DOWNSTREAM =
            new Downstream(List.of(), List.of("h2", "http/1.1"), Optional.empty(), false, TlsConfig.Params.DEFAULT);

    static final Upstream UPSTREAM = new Upstream(
            Optional.empty(),
            true,
            false,
            true,
            Optional.empty(),
            true,
            List.of(),
            Optional.empty(),
            List.of(),
            Upstream.SESSION_KEYS,
            TlsConfig.Params.DEFAULT);

    private static final List<String> VERSIONS = List.of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");
    private static final Source NO_TEXT = new Source.Inline("", Origin.NONE);
    private static final Identity NOBODY = new Identity(NO_TEXT, NO_TEXT, Optional.empty());
    private static final SubjectAltName NO_NAME =
            new SubjectAltName(SubjectAltName.Kind.ANY, new StringMatch.Exact("", false));

    /** A text alone is any kind of name, exactly. */
    private static final Brief<SubjectAltName> ANY_NAME = Brief.of(
            (owner, key, text) ->
                    Optional.of(new SubjectAltName(SubjectAltName.Kind.ANY, new StringMatch.Exact(text, false))),
            name -> name.kind() == SubjectAltName.Kind.ANY ? MatchFormat.exactly(name.match()) : Optional.empty());

    /** {@code tls = true} is a whole section of defaults. */
    private static final Brief<Upstream> ON =
            (owner, key, text) -> owner.flag(key, false) ? Optional.of(UPSTREAM) : Optional.empty();

    /** A text is the name of a file; the content itself is written as {@code { inline = "..." }}. */
    private static final Brief<Source> FILE = Brief.of(
            (owner, key, text) -> Optional.of(new Source.File(text)),
            source -> source instanceof Source.File file ? Optional.of(file.path()) : Optional.empty());

    private TlsFormat() {}

    static Optional<Downstream> downstream(Fields owner, Optional<Downstream> given) {
        return owner.section("tls", given, DOWNSTREAM, TlsFormat::downstream);
    }

    private static Downstream downstream(Fields own, Downstream given) {
        List<Identity> identities = identities(own, given.identities());
        if (identities.isEmpty()) {
            own.error("", "'certificate' and 'key' are required: files in PEM form");
        }
        List<String> alpn = own.texts("alpn", given.alpn());
        Optional<Source> clientCa = authority(own, "client-ca", given.clientCa());
        boolean required =
                own.flag("require-client-certificate", given.requireClientCertificate(), clientCa.isPresent());
        TlsConfig.Pins pins = pins(own, given.pins());
        if (required && !own.has("client-ca") && pins.isEmpty()) {
            own.error(
                    "require-client-certificate", "'client-ca' is required: without it no certificate can be verified");
        }
        List<SubjectAltName> names = own.sections("client-names", given.names(), NO_NAME, TlsFormat::name, ANY_NAME);
        if (!names.isEmpty() && !own.has("client-ca")) {
            own.error("client-names", "'client-ca' is required: names say nothing that nobody has signed");
        }
        return new Downstream(
                identities, alpn, clientCa, required, params(own, given.params()), TlsConfig.Secrets.NONE, names, pins);
    }

    /** Hashes of certificates that are known beforehand. */
    private static TlsConfig.Pins pins(Fields own, TlsConfig.Pins given) {
        List<String> certificates = own.texts("certificate-hashes", given.certificates()).stream()
                .map(TlsConfig.Pins::plain)
                .toList();
        List<String> keys = own.texts("key-hashes", given.keys());
        certificates.stream()
                .filter(text -> !TlsConfig.Pins.isCertificate(text))
                .forEach(text -> own.error("certificate-hashes", "'" + text + "' is no SHA-256 in hexadecimal"));
        keys.stream()
                .filter(text -> !TlsConfig.Pins.isKey(text))
                .forEach(text -> own.error("key-hashes", "'" + text + "' is no SHA-256 in base64"));
        return new TlsConfig.Pins(certificates, keys);
    }

    /** The only one stands in the section itself. */
    private static List<Identity> identities(Fields own, List<Identity> given) {
        boolean alone = given.size() == 1;
        List<Identity> found = new ArrayList<>();
        identity(own, given.stream().findFirst().filter(one -> alone)).ifPresent(found::add);
        found.addAll(own.sections("certificates", alone ? List.of() : given, NOBODY, TlsFormat::required));
        return found;
    }

    private static Identity required(Fields own, Identity given) {
        return identity(own, Optional.of(given).filter(one -> own.writing())).orElseGet(() -> {
            own.error("", "'certificate' and 'key' are required");
            return given;
        });
    }

    static Optional<Upstream> upstream(Fields owner, Optional<Upstream> given) {
        return owner.section("tls", given, UPSTREAM, TlsFormat::upstream, ON);
    }

    private static Upstream upstream(Fields own, Upstream given) {
        Optional<String> sni = own.text("sni", given.sni());
        boolean fromEndpoint = own.flag("sni-from-endpoint", given.sniFromEndpoint(), sni.isEmpty());
        boolean fromRequest = own.flag("sni-from-request", given.sniFromRequest());
        boolean verify = own.flag("verify", given.verify());
        return new Upstream(
                sni,
                fromEndpoint,
                fromRequest,
                verify,
                authority(own, "ca", given.ca()),
                own.flag("verify-hostname", given.verifyHostname(), verify),
                own.sections("names", given.subjectAltNames(), NO_NAME, TlsFormat::name, ANY_NAME),
                identity(own, given.identity()),
                own.texts("alpn", given.alpn()),
                own.integer("session-keys", given.sessionKeys()),
                params(own, given.params()),
                TlsConfig.Secrets.NONE,
                pins(own, given.pins()));
    }

    private static SubjectAltName name(Fields own, SubjectAltName given) {
        return new SubjectAltName(own.choice("kind", given.kind()), MatchFormat.required(own, given.match()));
    }

    private static Optional<Identity> identity(Fields own, Optional<Identity> given) {
        Optional<Source> chain = source(own, "certificate", given.map(Identity::chain), PemFiles::certificateProblem);
        Optional<Source> key = source(own, "key", given.map(Identity::key), PemFiles::keyProblem);
        Optional<Source> password =
                source(own, "key-password", given.flatMap(Identity::password), source -> Optional.empty());
        if (chain.isPresent() != key.isPresent()) {
            own.error("", "'certificate' and 'key' belong together");
        }
        Optional<Identity> identity = chain.flatMap(one -> key.map(two -> new Identity(one, two, password)));
        identity.filter(one -> !own.writing())
                .filter(PemFiles::isReadable)
                .flatMap(KeyPair::problem)
                .ifPresent(problem -> own.error("key", problem));
        return identity;
    }

    private static Optional<Source> authority(Fields own, String key, Optional<Source> given) {
        return source(own, key, given, PemFiles::certificateProblem);
    }

    private static Optional<Source> source(
            Fields own, String key, Optional<Source> given, Function<Source, Optional<String>> problem) {
        Optional<Source> source = own.section(key, given, NO_TEXT, TlsFormat::inline, FILE);
        source.filter(one -> !own.writing()).flatMap(problem).ifPresent(text -> own.error(key, text));
        return source;
    }

    private static Source inline(Fields own, Source given) {
        return new Source.Inline(own.text("inline", ((Source.Inline) given).text()), own.origin());
    }

    private static TlsConfig.Params params(Fields own, TlsConfig.Params given) {
        return new TlsConfig.Params(
                version(own, "min-version", given.minimum()),
                version(own, "max-version", given.maximum()),
                ciphers(own, given.ciphers()),
                own.texts("curves", given.curves()));
    }

    private static List<String> ciphers(Fields own, List<String> given) {
        List<String> found = new ArrayList<>();
        for (String text : own.texts("ciphers", given)) {
            Optional<List<String>> names = CipherSuites.standard(text);
            if (names.isEmpty()) {
                own.error("ciphers", CipherSuites.unknown(text));
            }
            names.ifPresent(found::addAll);
        }
        return found;
    }

    private static Optional<String> version(Fields own, String key, Optional<String> given) {
        Optional<String> version = own.text(key, given);
        version.filter(text -> !VERSIONS.contains(text))
                .ifPresent(text ->
                        own.error(key, "'" + text + "' is none of TLSv1.2, TLSv1.3 and the older TLSv1, TLSv1.1"));
        return version;
    }
}
