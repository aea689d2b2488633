package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.ConfigProblem;
import io.grpcweb.gateway.config.Endpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns the flags of grpcwebproxy (github.com/improbable-eng/grpc-web) into the gateway's own format. */
public final class GrpcWebProxyFlags {
    /** With cookies, as grpcwebproxy allows them; a plain "*" would be refused for that. */
    private static final Tree EVERY_ORIGIN = new Tree().put("regex", ".*");

    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

    private static final Set<String> SWITCHES = Set.of(
            "allow_all_origins",
            "run_http_server",
            "run_tls_server",
            "use_websockets",
            "enable_request_debug",
            "enable_health_check_service",
            "enable_health_endpoint",
            "backend_tls",
            "backend_tls_noverify");

    private static final Set<String> VALUES = Set.of(
            "server_bind_address",
            "server_http_debug_port",
            "server_http_tls_port",
            "allowed_origins",
            "allowed_headers",
            "websocket_ping_interval",
            "websocket_read_limit",
            "websocket_compression_mode",
            "server_http_max_write_timeout",
            "server_http_max_read_timeout",
            "health_endpoint_name",
            "health_service_name",
            "backend_addr",
            "backend_client_tls_cert_file",
            "backend_client_tls_key_file",
            "backend_max_call_recv_msg_size",
            "backend_tls_ca_files",
            "backend_default_authority",
            "backend_backoff_max_delay",
            "server_tls_cert_file",
            "server_tls_key_file",
            "server_tls_client_cert_verification",
            "server_tls_client_ca_files");

    /** What grpcwebproxy takes of a message of the backend unless a flag says otherwise. */
    private static final String MOST_RECEIVED = "4194304";

    private final Map<String, String> flags = new LinkedHashMap<>();
    private final List<String> remarks = new ArrayList<>();
    private final List<ConfigProblem> problems = new ArrayList<>();

    private GrpcWebProxyFlags() {}

    /** The configuration as a text, with remarks about what is not the same. */
    public static String convert(String commandLine) throws ConfigException {
        GrpcWebProxyFlags converter = new GrpcWebProxyFlags();
        converter.parse(commandLine);
        Tree root = converter.root();
        if (!converter.problems.isEmpty()) {
            throw new ConfigException(converter.problems);
        }
        StringBuilder out = new StringBuilder("# From the flags of grpcwebproxy.\n");
        converter.remarks.forEach(remark -> out.append("#   ").append(remark).append('\n'));
        return out.append(HoconText.of(root)).toString();
    }

    private void parse(String commandLine) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(commandLine);
        while (word.find()) {
            words.add(word.group(1) != null ? word.group(1) : word.group(2) != null ? word.group(2) : word.group(3));
        }
        for (int i = 0; i < words.size(); i++) {
            String text = words.get(i);
            if (!text.startsWith("--")) {
                wrong(text, "a flag such as --backend_addr=localhost:9090 is expected");
                continue;
            }
            int equals = text.indexOf('=');
            String name = equals < 0 ? text.substring(2) : text.substring(2, equals);
            if (SWITCHES.contains(name)) {
                flags.put(name, equals < 0 ? "true" : text.substring(equals + 1));
            } else if (!VALUES.contains(name)) {
                Set<String> all = new TreeSet<>(SWITCHES);
                all.addAll(VALUES);
                wrong("--" + name, "grpcwebproxy has no such flag" + Spelling.hint(name, all));
            } else if (equals >= 0) {
                flags.put(name, text.substring(equals + 1));
            } else if (i + 1 < words.size()) {
                flags.put(name, words.get(++i));
            } else {
                wrong("--" + name, "needs a value");
            }
        }
    }

    private void wrong(String flag, String text) {
        problems.add(new ConfigProblem("", 0, flag, text));
    }

    private boolean on(String name, boolean otherwise) {
        return flags.containsKey(name) ? flags.get(name).equalsIgnoreCase("true") : otherwise;
    }

    private List<String> list(String name) {
        List<String> items = new ArrayList<>();
        for (String item : flags.getOrDefault(name, "").split(",", -1)) {
            if (!item.isBlank()) {
                items.add(item.strip());
            }
        }
        return items;
    }

    private Tree root() {
        Tree listeners = new Tree();
        if (on("run_http_server", true)) {
            listeners.put("http", listener("server_http_debug_port", "8080"));
        }
        if (on("run_tls_server", true)) {
            Tree tls = listener("server_http_tls_port", "8443");
            tls.put("tls", downstreamTls());
            listeners.put("tls", tls);
        }
        if (listeners.isEmpty()) {
            wrong("--run_http_server", "one of run_http_server and run_tls_server must be on");
        }
        if (on("use_websockets", false)) {
            wrong("--use_websockets", "not supported by this gateway: use a client that speaks gRPC-Web over HTTP");
        }
        Tree root = new Tree().put("listeners", listeners).put("clusters", new Tree().put("backend", cluster()));
        if (on("enable_request_debug", false)) {
            root.put("admin", new Tree().put("listen", new Endpoint("127.0.0.1", 9901)));
            remarks.add("/metrics is on a port of its own; there are no /debug pages");
        }
        return root;
    }

    private Tree listener(String portFlag, String port) {
        Tree listener = new Tree()
                .put(
                        "listen",
                        flags.getOrDefault("server_bind_address", "0.0.0.0") + ":"
                                + flags.getOrDefault(portFlag, port));
        List<Object> origins =
                new ArrayList<>(on("allow_all_origins", false) ? List.of(EVERY_ORIGIN) : list("allowed_origins"));
        if (!origins.isEmpty()) {
            Tree cors = new Tree()
                    .put("origins", origins)
                    .put("allow-credentials", true)
                    .put("max-age", "600");
            remark(
                    "grpcwebproxy lets pages read every field of a response; here those of your own stand in cors.expose-headers");
            cors.put("allow-headers", list("allowed_headers").isEmpty() ? List.of("*") : list("allowed_headers"));
            listener.put("cors", cors);
        }
        listener.put(
                "limits",
                new Tree()
                        .put(
                                "message",
                                new Tree.Bare(flags.getOrDefault("backend_max_call_recv_msg_size", MOST_RECEIVED))));
        Tree timeouts = new Tree();
        if (flags.containsKey("server_http_max_write_timeout")) {
            timeouts.put("stream-max", new Tree.Bare(flags.get("server_http_max_write_timeout")));
        } else {
            remark("grpcwebproxy ends every answer after 10 s; here streams live on (timeouts.stream-max)");
        }
        if (flags.containsKey("server_http_max_read_timeout")) {
            timeouts.put("request", new Tree.Bare(flags.get("server_http_max_read_timeout")));
        }
        listener.section("timeouts", timeouts);
        if (on("enable_health_endpoint", false)) {
            Tree path = new Tree()
                    .put("name", ":path")
                    .put("exact", "/" + flags.getOrDefault("health_endpoint_name", "_health"));
            listener.put("filters", List.of("cors", "grpc-web", healthCheck(path), "router"));
        }
        if (flags.containsKey("backend_default_authority")) {
            listener.put(
                    "routes",
                    List.of(new Tree()
                            .put("prefix", "/")
                            .put("cluster", "backend")
                            .put("host-rewrite", flags.get("backend_default_authority"))));
        }
        return listener;
    }

    /** Where the backend is asked how it is, the endpoint tells that. */
    private Tree healthCheck(Tree path) {
        Tree check = new Tree().put("type", "health-check").put("match-headers", List.of(path));
        return on("enable_health_check_service", false)
                ? check.put("min-healthy", new Tree().put("backend", 1))
                : check;
    }

    private void remark(String text) {
        if (!remarks.contains(text)) {
            remarks.add(text);
        }
    }

    private Tree downstreamTls() {
        if (!flags.containsKey("server_tls_cert_file") || !flags.containsKey("server_tls_key_file")) {
            wrong(
                    "--server_tls_cert_file",
                    "server_tls_cert_file and server_tls_key_file are required unless run_tls_server=false");
        }
        Tree tls = new Tree()
                .put("certificate", flags.getOrDefault("server_tls_cert_file", ""))
                .put("key", flags.getOrDefault("server_tls_key_file", ""))
                .put("min-version", "TLSv1.2");
        String verification = flags.getOrDefault("server_tls_client_cert_verification", "none");
        if (!verification.equals("none")) {
            one("server_tls_client_ca_files", true).forEach(file -> tls.put("client-ca", file));
            tls.put("require-client-certificate", verification.equals("require"));
        }
        return tls;
    }

    /** The only file of a list. */
    private List<String> one(String flag, boolean required) {
        List<String> files = list(flag);
        if (files.size() > 1 || (required && files.isEmpty())) {
            wrong("--" + flag, files.isEmpty() ? "a file is required here" : "put the certificates into one file");
        }
        return files.subList(0, Math.min(1, files.size()));
    }

    private Tree cluster() {
        if (!flags.containsKey("backend_addr")) {
            wrong("--backend_addr", "is required");
        }
        Tree cluster = new Tree().put("endpoints", List.of(flags.getOrDefault("backend_addr", "")));
        if (on("backend_tls", false)) {
            Tree tls = new Tree();
            if (on("backend_tls_noverify", false)) {
                tls.put("verify", false);
            }
            one("backend_tls_ca_files", false).forEach(file -> tls.put("ca", file));
            if (flags.containsKey("backend_client_tls_cert_file")) {
                tls.put("certificate", flags.get("backend_client_tls_cert_file"))
                        .put("key", flags.getOrDefault("backend_client_tls_key_file", ""));
            }
            if (flags.containsKey("backend_default_authority")) {
                tls.put("sni", flags.get("backend_default_authority").replaceFirst(":\\d+$", ""));
            }
            cluster.put("tls", tls);
        }
        if (on("enable_health_check_service", false)) {
            cluster.put(
                    "health-checks",
                    List.of(new Tree()
                            .put("kind", "grpc")
                            .put("service", flags.getOrDefault("health_service_name", ""), "")));
        }
        if (flags.containsKey("backend_backoff_max_delay")) {
            remark("backend_backoff_max_delay has no counterpart: connections are opened when calls need them");
        }
        return cluster;
    }
}
