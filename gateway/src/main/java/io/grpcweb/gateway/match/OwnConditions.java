package io.grpcweb.gateway.match;

import io.grpcweb.gateway.config.StringMatch;
import io.grpcweb.gateway.config.hocon.MatchFormat;
import io.grpcweb.gateway.config.hocon.Section;
import io.grpcweb.gateway.config.hocon.Tree;
import io.grpcweb.gateway.config.hocon.ValueFormat;
import io.grpcweb.gateway.match.Condition.ClientName;
import io.grpcweb.gateway.match.Condition.Side;
import io.grpcweb.gateway.match.Condition.Subject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Conditions in the gateway's own format: a section with one key, such as {@code { path { prefix = "/shop." } }}. */
public final class OwnConditions {
    private static final int MOST_PORT = 65_536;

    private OwnConditions() {}

    /** The conditions of a list. */
    public static List<Condition> list(Section owner, String key) {
        return list(owner, key, false);
    }

    private static List<Condition> list(Section owner, String key, boolean responses) {
        return owner.sections(key).stream().map(one -> one(one, responses)).toList();
    }

    /** A condition on requests; one that always holds where the section is wrong, which is reported. */
    public static Condition one(Section section) {
        return one(section, false);
    }

    /** A condition on responses and the requests that they answer. */
    public static Condition ofResponse(Section section) {
        return one(section, true);
    }

    private static Condition one(Section section, boolean responses) {
        List<Condition> found = new ArrayList<>();
        if (responses) {
            responses(section, found);
        }
        if (section.has("any") && section.flag("any", true)) {
            found.add(new Condition.Anything());
        }
        groups(section, responses, found);
        section.section("header").ifPresent(one -> found.add(new Condition.Header(MatchFormat.header(one))));
        text(section, "path", one -> new Subject.Path()).ifPresent(found::add);
        text(section, "field", one -> new Subject.Field(name(one).toLowerCase(Locale.ROOT)))
                .ifPresent(found::add);
        text(section, "server-name", one -> new Subject.ServerName()).ifPresent(found::add);
        text(section, "state", one -> new Subject.State(name(one))).ifPresent(found::add);
        text(section, "certificate-names", one -> new Subject.Names(one.choice("of", ClientName.Kind.URI)))
                .ifPresent(found::add);
        text(section, "address-text", one -> new Subject.AddressText(one.choice("of", Side.CLIENT)))
                .ifPresent(found::add);
        for (Side side : Side.values()) {
            if (section.has(key(side))) {
                found.add(new Condition.Address(side, ValueFormat.ranges(section, key(side))));
            }
        }
        port(section).ifPresent(found::add);
        section.section("metadata").ifPresent(one -> found.add(new Condition.Metadata(ValueFormat.metadata(one))));
        client(section).ifPresent(found::add);
        if (found.size() != 1) {
            section.error(
                    "",
                    "one of " + (responses ? "status, status-class, response-field, local-reply, " : "")
                            + "any, all-of, any-of, not, header, path, field, server-name, state, certificate-names,"
                            + " client-ip, peer-ip, listener-ip, listener-port, metadata, tls and certificate is expected");
            return new Condition.Anything();
        }
        return found.get(0);
    }

    private static void responses(Section section, List<Condition> found) {
        text(section, "status", one -> new Subject.Status()).ifPresent(found::add);
        text(section, "status-class", one -> new Subject.StatusClass()).ifPresent(found::add);
        text(
                        section,
                        "response-field",
                        one -> new Subject.ResponseField(name(one).toLowerCase(Locale.ROOT)))
                .ifPresent(found::add);
        text(section, "local-reply", one -> new Subject.LocalReply()).ifPresent(found::add);
    }

    private static void groups(Section section, boolean responses, List<Condition> found) {
        if (section.has("all-of")) {
            found.add(new Condition.All(list(section, "all-of", responses)));
        }
        if (section.has("any-of")) {
            found.add(new Condition.AnyOf(list(section, "any-of", responses)));
        }
        section.section("not").ifPresent(one -> found.add(new Condition.Not(one(one, responses))));
    }

    private interface SubjectReader {
        Subject read(Section section);
    }

    private static Optional<Condition> text(Section section, String key, SubjectReader of) {
        return section.has(key)
                ? section.section(key).map(one -> new Condition.Text(of.read(one), match(one)))
                : Optional.empty();
    }

    private static String name(Section one) {
        Optional<String> name = one.text("name");
        if (name.isEmpty()) {
            one.error("", "'name' is required");
        }
        return name.orElse("");
    }

    private static StringMatch match(Section one) {
        Optional<StringMatch> match = MatchFormat.text(one, Optional.empty());
        if (match.isEmpty()) {
            one.error("", "one of exact, prefix, suffix, contains and regex is expected");
        }
        return match.orElse(new StringMatch.Exact("", false));
    }

    private static Optional<Condition> port(Section section) {
        if (!section.has("listener-port")) {
            return Optional.empty();
        }
        if (section.isText("listener-port")) {
            int port = section.integer("listener-port", 0, 0, MOST_PORT - 1);
            return Optional.of(new Condition.Port(port, port + 1));
        }
        return section.section("listener-port")
                .map(range -> new Condition.Port(
                        range.integer("from", 0, 0, MOST_PORT), range.integer("to", MOST_PORT, 0, MOST_PORT)));
    }

    private static Optional<Condition> client(Section section) {
        if (section.has("tls") && section.flag("tls", true)) {
            return Optional.of(new Condition.Client(false, Optional.empty()));
        }
        if (!section.has("certificate")) {
            return Optional.empty();
        }
        if (section.isText("certificate")) {
            section.flag("certificate", true);
            return Optional.of(new Condition.Client(true, Optional.empty()));
        }
        return section.section("certificate")
                .map(one -> new Condition.Client(true, Optional.of(new ClientName(kinds(one), match(one)))));
    }

    private static List<ClientName.Kind> kinds(Section one) {
        if (!one.has("names")) {
            return ClientName.USUAL;
        }
        List<ClientName.Kind> kinds = new ArrayList<>();
        for (String text : one.texts("names")) {
            Arrays.stream(ClientName.Kind.values())
                    .filter(kind -> kind.name().equals(text.toUpperCase(Locale.ROOT)))
                    .findFirst()
                    .ifPresentOrElse(
                            kinds::add,
                            () -> one.error("names", "'" + text + "' is none of uri, dns, email, ip, subject"));
        }
        return kinds;
    }

    private static String key(Side side) {
        return side.name().toLowerCase(Locale.ROOT) + "-ip";
    }

    /** Writes what {@link #one} reads. */
    public static Tree write(Condition condition) {
        Tree tree = new Tree();
        if (condition instanceof Condition.Anything) {
            return tree.put("any", true);
        }
        if (condition instanceof Condition.All all) {
            return tree.list("all-of", all.conditions(), OwnConditions::write);
        }
        if (condition instanceof Condition.AnyOf any) {
            return tree.list("any-of", any.conditions(), OwnConditions::write);
        }
        if (condition instanceof Condition.Not not) {
            return tree.put("not", write(not.condition()));
        }
        if (condition instanceof Condition.Header header) {
            return tree.put("header", MatchFormat.write(header.match()));
        }
        if (condition instanceof Condition.Text text) {
            return write(tree, text);
        }
        if (condition instanceof Condition.Address address) {
            return tree.put(key(address.of()), ValueFormat.write(address.ranges()));
        }
        if (condition instanceof Condition.Port port) {
            return tree.put(
                    "listener-port",
                    port.to() == port.from() + 1
                            ? port.from()
                            : new Tree().put("from", port.from()).put("to", port.to()));
        }
        if (condition instanceof Condition.Metadata metadata) {
            return tree.put("metadata", ValueFormat.write(metadata.match()));
        }
        return write(tree, (Condition.Client) condition);
    }

    private static Tree write(Tree tree, Condition.Text text) {
        Tree inner = new Tree();
        Subject of = text.of();
        String key;
        if (of instanceof Subject.Field field) {
            key = "field";
            inner.put("name", field.name());
        } else if (of instanceof Subject.State state) {
            key = "state";
            inner.put("name", state.key());
        } else if (of instanceof Subject.Names names) {
            key = "certificate-names";
            inner.put("of", names.kind(), ClientName.Kind.URI);
        } else if (of instanceof Subject.AddressText address) {
            key = "address-text";
            inner.put("of", address.of(), Side.CLIENT);
        } else if (of instanceof Subject.ResponseField field) {
            key = "response-field";
            inner.put("name", field.name());
        } else {
            key = key(of);
        }
        return tree.put(key, MatchFormat.write(inner, text.match()));
    }

    private static String key(Subject of) {
        if (of instanceof Subject.Status) {
            return "status";
        }
        if (of instanceof Subject.StatusClass) {
            return "status-class";
        }
        if (of instanceof Subject.LocalReply) {
            return "local-reply";
        }
        return of instanceof Subject.Path ? "path" : "server-name";
    }

    private static Tree write(Tree tree, Condition.Client client) {
        if (client.name().isEmpty()) {
            return tree.put(client.verified() ? "certificate" : "tls", true);
        }
        ClientName name = client.name().get();
        Tree inner = new Tree();
        if (!name.kinds().equals(ClientName.USUAL)) {
            inner.list("names", name.kinds(), kind -> kind.name().toLowerCase(Locale.ROOT));
        }
        return tree.put("certificate", MatchFormat.write(inner, name.match()));
    }
}
