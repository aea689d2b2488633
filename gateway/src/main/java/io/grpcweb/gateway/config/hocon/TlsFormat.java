package io.grpcweb.gateway.config.hocon;

import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.grpcweb.gateway.config.CipherSuites;
import io.grpcweb.gateway.config.KeyPair;
import io.grpcweb.gateway.config.Origin;
import io.grpcweb.gateway.config.PemFiles;
import io.grpcweb.gateway.config.TlsConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** TLS of both sides in the gateway's own format. */
final class TlsFormat {
    private static final List<String> ALPN = List.of("h2", "http/1.1");

    private TlsFormat() {}

    static Optional<TlsConfig.Downstream> downstream(Section owner) {
        return owner.section("tls").map(tls -> {
            List<TlsConfig.Identity> identities = new ArrayList<>();
            identity(tls).ifPresent(identities::add);
            tls.sections("certificates").forEach(one -> {
                Optional<TlsConfig.Identity> identity = identity(one);
                if (identity.isEmpty()) {
                    one.error("", "'certificate' and 'key' are required");
                }
                identity.ifPresent(identities::add);
            });
            if (identities.isEmpty()) {
                tls.error("", "'certificate' and 'key' are required: files in PEM form");
            }
            if (tls.flag("require-client-certificate", false) && !tls.has("client-ca")) {
                tls.error(
                        "require-client-certificate",
                        "'client-ca' is required: without it no certificate can be verified");
            }
            return new TlsConfig.Downstream(
                    identities,
                    tls.has("alpn") ? tls.texts("alpn") : ALPN,
                    authority(tls, "client-ca"),
                    tls.flag("require-client-certificate", tls.has("client-ca")),
                    params(tls));
        });
    }

    static void write(Tree owner, TlsConfig.Downstream tls) {
        Tree tree = new Tree();
        if (tls.identities().size() == 1) {
            write(tree, tls.identities().get(0));
        } else {
            tree.list("certificates", tls.identities(), one -> write(new Tree(), one));
        }
        tree.put("alpn", tls.alpn(), ALPN);
        tls.clientCa().ifPresent(ca -> tree.put("client-ca", write(ca)));
        tree.put(
                "require-client-certificate",
                tls.requireClientCertificate(),
                tls.clientCa().isPresent());
        write(tree, tls.params());
        owner.put("tls", tree);
    }

    /** {@code tls = true} is a whole section of defaults. */
    static Optional<TlsConfig.Upstream> upstream(Section owner) {
        if (owner.isText("tls")) {
            return owner.flag("tls", false)
                    ? Optional.of(verifying(owner.sectionOrEmpty("no-tls-section")))
                    : Optional.empty();
        }
        return owner.section("tls").map(TlsFormat::verifying);
    }

    private static TlsConfig.Upstream verifying(Section tls) {
        Optional<String> sni = tls.text("sni");
        boolean verify = tls.flag("verify", true);
        return new TlsConfig.Upstream(
                sni,
                tls.flag("sni-from-endpoint", sni.isEmpty()),
                tls.flag("sni-from-request", false),
                verify,
                authority(tls, "ca"),
                tls.flag("verify-hostname", verify),
                names(tls),
                identity(tls),
                tls.texts("alpn"),
                tls.integer("session-keys", TlsConfig.Upstream.SESSION_KEYS),
                params(tls));
    }

    static void write(Tree owner, TlsConfig.Upstream tls) {
        Tree tree = new Tree().put("sni", tls.sni());
        tree.put("sni-from-endpoint", tls.sniFromEndpoint(), tls.sni().isEmpty());
        tree.put("sni-from-request", tls.sniFromRequest(), false);
        tree.put("verify", tls.verify(), true);
        tls.ca().ifPresent(ca -> tree.put("ca", write(ca)));
        tree.put("verify-hostname", tls.verifyHostname(), tls.verify());
        tree.list("names", tls.subjectAltNames(), TlsFormat::write);
        tls.identity().ifPresent(identity -> write(tree, identity));
        tree.list("alpn", tls.alpn());
        tree.put("session-keys", tls.sessionKeys(), TlsConfig.Upstream.SESSION_KEYS);
        write(tree, tls.params());
        owner.put("tls", tree);
    }

    /** A text alone is any kind of name, exactly. */
    private static List<TlsConfig.SubjectAltName> names(Section tls) {
        TlsConfig.SubjectAltName.Kind any = TlsConfig.SubjectAltName.Kind.ANY;
        return MatchFormat.texts(
                tls,
                "names",
                (match, one) -> new TlsConfig.SubjectAltName(
                        one.map(section -> section.choice("kind", TlsConfig.SubjectAltName.Kind.class, any))
                                .orElse(any),
                        match));
    }

    private static Object write(TlsConfig.SubjectAltName name) {
        return name.kind() == TlsConfig.SubjectAltName.Kind.ANY
                ? MatchFormat.writeShort(name.match())
                : MatchFormat.write(
                        new Tree().put("kind", name.kind(), TlsConfig.SubjectAltName.Kind.ANY), name.match());
    }

    private static Optional<TlsConfig.Identity> identity(Section section) {
        Optional<TlsConfig.Source> chain = source(section, "certificate", PemFiles::certificateProblem);
        Optional<TlsConfig.Source> key = source(section, "key", PemFiles::keyProblem);
        Optional<TlsConfig.Source> password = source(section, "key-password", source -> Optional.empty());
        if (chain.isPresent() != key.isPresent()) {
            section.error("", "'certificate' and 'key' belong together");
        }
        Optional<TlsConfig.Identity> identity =
                chain.flatMap(one -> key.map(two -> new TlsConfig.Identity(one, two, password)));
        identity.filter(PemFiles::isReadable)
                .flatMap(KeyPair::problem)
                .ifPresent(problem -> section.error("key", problem));
        return identity;
    }

    private static Tree write(Tree tree, TlsConfig.Identity identity) {
        tree.put("certificate", write(identity.chain())).put("key", write(identity.key()));
        identity.password().ifPresent(password -> tree.put("key-password", write(password)));
        return tree;
    }

    private static Optional<TlsConfig.Source> authority(Section section, String key) {
        return source(section, key, PemFiles::certificateProblem);
    }

    /** A text is the name of a file; the content itself is written as {@code { inline = "..." }}. */
    private static Optional<TlsConfig.Source> source(
            Section section, String key, Function<TlsConfig.Source, Optional<String>> problem) {
        Optional<TlsConfig.Source> found;
        if (section.has(key) && section.items(key).get(0).valueType() == ConfigValueType.OBJECT) {
            ConfigValue value = section.items(key).get(0);
            found = section.section(value, section.path(key))
                    .map(one -> new TlsConfig.Source.Inline(one.text("inline", ""), new Origin(one.place())));
        } else {
            found = section.text(key).map(TlsConfig.Source.File::new);
        }
        found.flatMap(problem).ifPresent(text -> section.error(key, text));
        return found;
    }

    private static Object write(TlsConfig.Source source) {
        return source instanceof TlsConfig.Source.File file
                ? file.path()
                : new Tree().put("inline", ((TlsConfig.Source.Inline) source).text());
    }

    private static TlsConfig.Params params(Section tls) {
        return new TlsConfig.Params(
                version(tls, "min-version"), version(tls, "max-version"), ciphers(tls), tls.texts("curves"));
    }

    private static List<String> ciphers(Section tls) {
        List<String> found = new ArrayList<>();
        for (String text : tls.texts("ciphers")) {
            Optional<List<String>> names = CipherSuites.standard(text);
            if (names.isEmpty()) {
                tls.error("ciphers", CipherSuites.unknown(text));
            }
            names.ifPresent(found::addAll);
        }
        return found;
    }

    private static Optional<String> version(Section tls, String key) {
        Optional<String> version = tls.text(key);
        if (version.isPresent()
                && !List.of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3").contains(version.get())) {
            tls.error(key, "'" + version.get() + "' is none of TLSv1.2, TLSv1.3 and the older TLSv1, TLSv1.1");
        }
        return version;
    }

    private static void write(Tree tree, TlsConfig.Params params) {
        tree.put("min-version", params.minimum())
                .put("max-version", params.maximum())
                .list("ciphers", params.ciphers())
                .list("curves", params.curves());
    }
}
