package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.Addresses;
import io.grpcweb.gateway.config.HeaderRules;
import io.grpcweb.gateway.config.HttpConfig;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What an HTTP connection manager does to a request before it is routed: whom it is from, its host, and early changes. */
final class Arrival {
    private static final String XFF = "envoy.extensions.http.original_ip_detection.xff.v3.XffConfig";
    private static final String MUTATION =
            "envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation";

    private final Reading reading;
    private final Headers headers;

    Arrival(Reading reading, Headers headers) {
        this.reading = reading;
        this.headers = headers;
    }

    HttpConfig.Identity identity(Msg manager) {
        Optional<Msg> xff = detection(manager);
        int hops = manager.integer("xff_num_trusted_hops", 0);
        return new HttpConfig.Identity(
                manager.flag("use_remote_address", false),
                xff.map(one -> one.integer("xff_num_trusted_hops", 0)).orElse(hops),
                manager.flag("skip_xff_append", false),
                xff.map(one -> !one.flag("skip_xff_append", true)).orElse(false),
                xff.flatMap(one -> one.message("xff_trusted_cidrs"))
                        .map(trusted -> cidrs(trusted, "cidrs"))
                        .orElse(List.of()),
                manager.message("internal_address_config")
                        .map(internal -> cidrs(internal, "cidr_ranges"))
                        .orElse(List.of()),
                manager.flag("generate_request_id", true),
                manager.flag("preserve_external_request_id", false),
                manager.flag("always_set_request_id_in_response", false),
                certificate(manager),
                new HttpConfig.Hop(
                        manager.filled("via"),
                        manager.flag("append_x_forwarded_port", false),
                        manager.message("scheme_header_transformation")
                                .flatMap(change -> change.filled("scheme_to_overwrite"))));
    }

    private static HttpConfig.ClientCertificate certificate(Msg manager) {
        Set<HttpConfig.ClientCertificate.Detail> details = EnumSet.noneOf(HttpConfig.ClientCertificate.Detail.class);
        manager.message("set_current_client_cert_details").ifPresent(wanted -> {
            for (HttpConfig.ClientCertificate.Detail one : HttpConfig.ClientCertificate.Detail.values()) {
                if (wanted.flag(one.name().toLowerCase(Locale.ROOT), false)) {
                    details.add(one);
                }
            }
        });
        return new HttpConfig.ClientCertificate(
                HttpConfig.ClientCertificate.Forwarding.valueOf(
                        manager.text("forward_client_cert_details", "SANITIZE")),
                details);
    }

    private Optional<Msg> detection(Msg manager) {
        List<Msg> extensions = typed(manager, "original_ip_detection_extensions");
        if (extensions.isEmpty()) {
            return Optional.empty();
        }
        if (manager.flag("use_remote_address", false) || manager.integer("xff_num_trusted_hops", 0) > 0) {
            reading.error(
                    manager,
                    "original_ip_detection_extensions",
                    "may not be mixed with use_remote_address and xff_num_trusted_hops");
        }
        if (extensions.size() > 1 || !extensions.get(0).type().equals(XFF)) {
            reading.error(extensions.get(0), "", "not supported by this gateway: write one extension, " + XFF);
            return Optional.empty();
        }
        return Optional.of(extensions.get(0));
    }

    private List<String> cidrs(Msg owner, String field) {
        List<String> found = new ArrayList<>();
        for (Msg cidr : owner.messages(field)) {
            String network = cidr.text("address_prefix") + "/" + cidr.integer("prefix_len", 0);
            if (Addresses.isNetwork(network)) {
                found.add(network);
            } else {
                reading.error(cidr, "address_prefix", "'" + network + "' is no network");
            }
        }
        return found;
    }

    static HttpConfig.Host host(Msg manager) {
        HttpConfig.Host.Port port = HttpConfig.Host.Port.KEEP;
        if (manager.flag("strip_any_host_port", false)) {
            port = HttpConfig.Host.Port.STRIP_ANY;
        } else if (manager.flag("strip_matching_host_port", false)) {
            port = HttpConfig.Host.Port.STRIP_MATCHING;
        }
        return new HttpConfig.Host(port, manager.flag("strip_trailing_host_dot", false));
    }

    /** Only fields of the request; first names go, then fields come. */
    HeaderRules early(Msg manager) {
        List<HeaderRules.Add> added = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        for (Msg extension : typed(manager, "early_header_mutation_extensions")) {
            if (!extension.type().equals(MUTATION)) {
                reading.error(extension, "", "not supported by this gateway: write " + MUTATION);
                continue;
            }
            for (Msg one : extension.messages("mutations")) {
                switch (one.which("action")) {
                    case "append" ->
                        one.message("append")
                                .flatMap(option -> headers.option(option, true))
                                .ifPresent(added::add);
                    case "remove" -> removed.add(one.text("remove").toLowerCase(Locale.ROOT));
                    default -> reading.error(one, "", "write append or remove");
                }
            }
        }
        return new HeaderRules(added, removed, List.of(), List.of());
    }

    private static List<Msg> typed(Msg manager, String field) {
        return manager.messages(field).stream()
                .flatMap(extension -> extension.message("typed_config").stream())
                .toList();
    }
}
