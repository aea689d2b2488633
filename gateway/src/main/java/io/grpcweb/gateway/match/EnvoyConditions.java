package io.grpcweb.gateway.match;

import io.grpcweb.gateway.config.StringMatch;
import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.match.Condition.ClientName;
import io.grpcweb.gateway.match.Condition.Side;
import io.grpcweb.gateway.match.Condition.Subject;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads {@code envoy.config.rbac.v3.Permission} and {@code Principal}. A condition is empty where it is broken, which is
 * reported.
 */
public final class EnvoyConditions {
    private final Reading envoy;

    public EnvoyConditions(Reading envoy) {
        this.envoy = envoy;
    }

    /** A {@code Permission}. */
    public Optional<Condition> permission(Msg permission) {
        return switch (permission.which("rule")) {
            case "and_rules" ->
                group(permission, "and_rules", "rules", this::permission).map(Condition.All::new);
            case "or_rules" ->
                group(permission, "or_rules", "rules", this::permission).map(Condition.AnyOf::new);
            case "not_rule" ->
                permission.message("not_rule").flatMap(this::permission).map(Condition.Not::new);
            case "destination_ip" -> address(permission, "destination_ip", Side.LISTENER);
            case "destination_port" -> {
                int port = permission.integer("destination_port", 0);
                yield Optional.of(new Condition.Port(port, port + 1));
            }
            case "destination_port_range" ->
                permission
                        .message("destination_port_range")
                        .map(range -> new Condition.Port(range.integer("start", 0), range.integer("end", 0)));
            case "requested_server_name" ->
                permission
                        .message("requested_server_name")
                        .flatMap(envoy.matchers()::text)
                        .map(match -> new Condition.Text(new Subject.ServerName(), match));
            default -> common(permission, permission.which("rule"));
        };
    }

    /** A {@code Principal}. */
    public Optional<Condition> principal(Msg principal) {
        return switch (principal.which("identifier")) {
            case "and_ids" ->
                group(principal, "and_ids", "ids", this::principal).map(Condition.All::new);
            case "or_ids" -> group(principal, "or_ids", "ids", this::principal).map(Condition.AnyOf::new);
            case "not_id" ->
                principal.message("not_id").flatMap(this::principal).map(Condition.Not::new);
            case "authenticated" -> principal.message("authenticated").flatMap(one -> authenticated(one));
            case "source_ip" -> address(principal, "source_ip", Side.PEER);
            case "direct_remote_ip" -> address(principal, "direct_remote_ip", Side.PEER);
            case "remote_ip" -> address(principal, "remote_ip", Side.CLIENT);
            case "filter_state" -> principal.message("filter_state").flatMap(this::state);
            case "custom" ->
                principal
                        .message("custom")
                        .flatMap(extension -> extension.message("typed_config"))
                        .flatMap(this::certificate);
            default -> common(principal, principal.which("identifier"));
        };
    }

    /** What both messages have. */
    private Optional<Condition> common(Msg one, String field) {
        return switch (field) {
            case "any" -> Optional.of(new Condition.Anything());
            case "header" ->
                one.message("header")
                        .map(match -> new Condition.Header(envoy.matchers().header(match)));
            case "url_path" ->
                one.message("url_path")
                        .flatMap(path -> path.message("path"))
                        .flatMap(envoy.matchers()::text)
                        .map(match -> new Condition.Text(new Subject.Path(), match));
            case "metadata" ->
                one.message("metadata").flatMap(envoy.matchers()::metadata).map(Condition.Metadata::new);
            case "sourced_metadata" ->
                one.message("sourced_metadata").flatMap(source -> source.message("metadata_matcher")
                        .flatMap(envoy.matchers()::metadata)
                        .map(match -> source.text("metadata_source").equals("ROUTE") ? match.ofTheRoute() : match)
                        .map(Condition.Metadata::new));
            default -> Optional.empty();
        };
    }

    private Optional<List<Condition>> group(
            Msg one, String field, String list, Function<Msg, Optional<Condition>> read) {
        return one.message(field).map(set -> all(set.messages(list), read));
    }

    /** The conditions of a list. */
    public static List<Condition> all(List<Msg> list, Function<Msg, Optional<Condition>> read) {
        return list.stream().flatMap(item -> read.apply(item).stream()).toList();
    }

    private Optional<Condition> address(Msg one, String field, Side side) {
        return one.message(field)
                .flatMap(envoy.matchers()::range)
                .map(range -> new Condition.Address(side, List.of(range)));
    }

    private Optional<Condition> authenticated(Msg who) {
        if (!who.has("principal_name")) {
            return Optional.of(new Condition.Client(false, Optional.empty()));
        }
        return who.message("principal_name")
                .flatMap(envoy.matchers()::text)
                .map(match -> new Condition.Client(true, Optional.of(new ClientName(ClientName.USUAL, match))));
    }

    /** An {@code envoy.extensions.rbac.principals.mtls_authenticated.v3.Config}. */
    private Optional<Condition> certificate(Msg config) {
        if (config.flag("any_validated_client_certificate", false)) {
            return Optional.of(new Condition.Client(true, Optional.empty()));
        }
        Optional<Msg> names = config.message("san_matcher");
        if (names.isEmpty()) {
            envoy.error(config, "", "one of san_matcher and any_validated_client_certificate is required");
            return Optional.empty();
        }
        ClientName.Kind kind =
                switch (names.get().text("san_type")) {
                    case "EMAIL" -> ClientName.Kind.EMAIL;
                    case "IP_ADDRESS" -> ClientName.Kind.IP;
                    case "DNS" -> ClientName.Kind.DNS;
                    default -> ClientName.Kind.URI;
                };
        return names.get()
                .message("matcher")
                .flatMap(envoy.matchers()::text)
                .map(match -> new Condition.Client(true, Optional.of(new ClientName(List.of(kind), match))));
    }

    private Optional<Condition> state(Msg state) {
        Optional<StringMatch> match = state.message("string_match").flatMap(envoy.matchers()::text);
        return match.map(text -> new Condition.Text(new Subject.State(state.text("key")), text));
    }
}
