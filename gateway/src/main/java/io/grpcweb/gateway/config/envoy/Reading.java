package io.grpcweb.gateway.config.envoy;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.grpcweb.gateway.config.AccessLogConfig;
import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.FilesRead;
import io.grpcweb.gateway.config.Metadata;
import io.grpcweb.gateway.config.Patterns;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** What the readers of one file share: where problems go, and what parts of the file may refer to. */
public final class Reading {
    final Problems problems;
    final boolean strictUpstreamTls;
    final List<? extends EnvoyFormat<?>> filters;
    final FilesRead files;
    private final Function<String, Optional<String>> operators;
    private final Map<String, Integer> statusCodes;
    final Set<String> clusters = new LinkedHashSet<>();
    final Map<String, Msg> secrets = new LinkedHashMap<>();

    /** Those of the file, whichever was read already. */
    final Set<String> staticClusters = new HashSet<>();

    /** Clusters that are made of targets of gRPC, by name. */
    final Map<String, ClusterConfig> targets = new LinkedHashMap<>();

    /** Which clusters there are that the file does not have; null where only the file counts. */
    Predicate<String> otherClusters;

    /** Whether a route configuration that says nothing of it may name clusters that are not there. */
    boolean unknownClustersByDefault;

    /** Set while a route configuration with {@code validate_clusters: false} is read. */
    boolean unknownClustersAllowed;

    /** Set while a listener is read whose requests come from a service beside the gateway. */
    boolean outbound;

    final RuntimeKeys runtime = new RuntimeKeys();

    /** The tracer of the bootstrap, for managers that name none; null for none. */
    private Msg tracer;

    Reading(Problems problems, Schema schema, EnvoyBootstrap.Options options, FilesRead files) {
        this.files = files;
        this.statusCodes = schema.values("envoy.type.v3.StatusCode");
        this.problems = problems;
        this.strictUpstreamTls = options.strictUpstreamTls();
        this.operators = options.operators();
        this.filters = options.filters();
    }

    /** Takes what the whole file may rely on from its bootstrap. */
    void bootstrap(Msg bootstrap) {
        runtime.read(bootstrap);
        tracer =
                bootstrap.message("tracing").flatMap(one -> one.message("http")).orElse(null);
    }

    /** The tracer for managers that name none. */
    Optional<Msg> tracer() {
        return Optional.ofNullable(tracer);
    }

    /** Readers of matchers. */
    public Matchers matchers() {
        return new Matchers(this);
    }

    /** Readers of header fields that are added and removed. */
    public Headers headers() {
        return new Headers(this);
    }

    /** Readers of rate limits. */
    public RateLimits rateLimits() {
        return new RateLimits(this);
    }

    /** Something is taken over from a file. */
    public void reads(String file) {
        try {
            files.add(Path.of(file));
        } catch (InvalidPathException e) {
            // Whoever reads it reports that.
        }
    }

    /** Reports what is wrong with a field, or with the message where the field is empty. */
    public void error(Msg message, String field, String text) {
        problems.error(message.mark(field), field.isEmpty() ? message.path() : message.path(field), text);
    }

    /** The same for what deserves a warning. */
    public void warn(Msg message, String field, String text) {
        problems.warn(message.mark(field), field.isEmpty() ? message.path() : message.path(field), text);
    }

    /** Reports what is wrong with the operators of a text. */
    public void checkOperators(Msg message, String field, String text) {
        operators.apply(text).ifPresent(problem -> error(message, field, problem));
    }

    /** Reports what is wrong with the operators of the texts of a struct. */
    void checkOperators(Yaml tree, String path) {
        if (tree instanceof Yaml.Mapping mapping) {
            mapping.entries().forEach((key, entry) -> checkOperators(entry.value(), path + "." + key));
        } else if (tree instanceof Yaml.Sequence sequence) {
            for (int i = 0; i < sequence.items().size(); i++) {
                checkOperators(sequence.items().get(i), path + "[" + i + "]");
            }
        } else {
            operators
                    .apply(((Yaml.Scalar) tree).text())
                    .ifPresent(problem -> problems.error(tree.mark(), path, problem));
        }
    }

    /** The number of an HTTP status by Envoy's name for it. */
    public int statusCode(String name) {
        return statusCodes.getOrDefault(name, 0);
    }

    /** What a secret of the file holds, by an {@code SdsSecretConfig}. */
    Optional<Msg> secret(Msg reference, String kind) {
        Msg secret = secrets.get(reference.text("name"));
        if (secret == null || secret.message(kind).isEmpty()) {
            error(
                    reference,
                    "name",
                    "no secret '" + reference.text("name") + "' with a " + kind + " in static_resources.secrets");
            return Optional.empty();
        }
        return secret.message(kind);
    }

    /** Whether the file itself has the cluster. */
    boolean isStatic(String cluster) {
        return staticClusters.contains(cluster);
    }

    /** Whether there is no such cluster, and none may come from elsewhere. */
    boolean lacks(String cluster) {
        return !unknownClustersAllowed
                && !(otherClusters == null ? clusters.contains(cluster) : otherClusters.test(cluster));
    }

    /** Reports a cluster that is not in the file. */
    public void requireCluster(Msg message, String field, String cluster) {
        if (otherClusters != null) {
            if (!unknownClustersAllowed && !otherClusters.test(cluster)) {
                error(message, field, "route: unknown cluster '" + cluster + "'");
            }
        } else if (!clusters.contains(cluster)) {
            report(
                    message,
                    field,
                    "unknown cluster '" + cluster + "': static_resources.clusters has "
                            + (clusters.isEmpty() ? "none" : String.join(", ", clusters)));
        }
    }

    private void report(Msg message, String field, String text) {
        if (unknownClustersAllowed) {
            warn(message, field, text);
        } else {
            error(message, field, text);
        }
    }

    /** The pattern of an {@code envoy.type.matcher.v3.RegexMatcher}. */
    public Optional<Pattern> pattern(Msg regex) {
        try {
            Pattern pattern = Patterns.compile(regex.text("regex"));
            Optional<Msg> re2 = regex.message("google_re2");
            if (re2.isPresent() && re2.get().has("max_program_size")) {
                programSize(re2.get(), pattern);
            }
            return Optional.of(pattern);
        } catch (PatternSyntaxException e) {
            error(regex, "regex", "not a regular expression in RE2 syntax: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** As this gateway counts instructions, which are fewer than Envoy's: RE2 has one for each byte of UTF-8. */
    private void programSize(Msg re2, Pattern pattern) {
        long most = re2.number("max_program_size", 0);
        if (pattern.programSize() > most) {
            error(
                    re2,
                    "max_program_size",
                    "the regular expression has a program size of " + pattern.programSize() + " > max program size of "
                            + most);
        }
    }

    /** An {@code envoy.config.core.v3.Address}; what is missing has been reported already. */
    Endpoint address(Msg address) {
        return address.message("pipe")
                .map(pipe -> Endpoint.pipe(pipe.text("path")))
                .or(() -> address.message("socket_address").map(Reading::socketAddress))
                .orElse(new Endpoint("", 0));
    }

    static Endpoint socketAddress(Msg address) {
        return new Endpoint(address.text("address"), address.integer("port_value", 0));
    }

    /** An {@code envoy.config.core.v3.Metadata}. */
    static Metadata metadata(Msg owner, String field) {
        return owner.message(field)
                .map(given -> {
                    Map<String, Object> found = new LinkedHashMap<>();
                    given.trees("filter_metadata").forEach((reader, tree) -> found.put(reader, Yaml.plain(tree)));
                    return new Metadata(found);
                })
                .orElse(Metadata.NONE);
    }

    /** What a struct says, as {@link Metadata} holds it. */
    public Metadata struct(Msg owner, String field) {
        return owner.tree(field).map(Yaml::plain).orElse(Map.of()) instanceof Map<?, ?> fields
                ? Metadata.of(fields)
                : Metadata.NONE;
    }

    /** The content of an {@code envoy.config.core.v3.DataSource} as it is now. */
    public String content(Msg source) {
        return DataSources.text(source, this);
    }

    /** An {@code envoy.config.core.v3.SubstitutionFormatString}. */
    public AccessLogConfig.Format format(Msg format) {
        return new AccessLogs(this, matchers()).substitution(format);
    }

    /** A share from 0 to 1: an {@code envoy.config.core.v3.RuntimeFractionalPercent}. */
    public static double share(Msg runtime, String field, double otherwise) {
        return runtime.message(field)
                .map(fraction ->
                        fraction.message("default_value").map(Reading::fraction).orElse(0.0))
                .orElse(otherwise);
    }

    /** The fields of a struct, as {@link Metadata} has them. */
    static Map<String, Object> fields(Optional<Yaml> tree) {
        return tree.map(Yaml::plain)
                .filter(Map.class::isInstance)
                .map(fields -> Metadata.of((Map<?, ?>) fields).byReader())
                .orElse(Map.of());
    }

    /** The default of an {@code envoy.config.core.v3.RuntimeDouble}. */
    static double runtimeDouble(Msg owner, String field, double otherwise) {
        return owner.message(field).map(one -> one.decimal("default_value", 0)).orElse(otherwise);
    }

    /** A share from 0 to 1: an {@code envoy.type.v3.Percent}. */
    public static double percent(Msg owner, String field, double otherwise) {
        return owner.message(field)
                .map(percent -> percent.decimal("value", 0) / 100)
                .orElse(otherwise);
    }

    /** A share from 0 to 1: the default of an {@code envoy.config.core.v3.RuntimePercent}. */
    public static double runtimePercent(Msg owner, String field, double otherwise) {
        return owner.message(field)
                .map(runtime -> percent(runtime, "default_value", otherwise))
                .orElse(otherwise);
    }

    /** A share from 0 to 1: an {@code envoy.type.v3.FractionalPercent}. */
    public static double fraction(Msg percent) {
        double whole =
                switch (percent.text("denominator", "HUNDRED")) {
                    case "TEN_THOUSAND" -> 10_000;
                    case "MILLION" -> 1_000_000;
                    default -> 100;
                };
        return Math.min(1, percent.number("numerator", 0) / whole);
    }
}
