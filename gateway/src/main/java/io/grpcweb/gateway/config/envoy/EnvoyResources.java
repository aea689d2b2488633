package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.Assignment;
import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.FilesRead;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.ProtoContent;
import io.grpcweb.gateway.config.Resource;
import io.grpcweb.gateway.config.ResourceReader;
import io.grpcweb.gateway.config.ResourceType;
import io.grpcweb.gateway.config.SecretContent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/**
 * Reads Envoy's resources one by one, with the checker and the readers that read a whole file. It knows what of the bootstrap they
 * may refer to: static clusters and secrets, and the resolver of names.
 */
final class EnvoyResources implements ResourceReader {
    private static final String UNKNOWN = "unknown field";

    private final Schema schema;
    private final EnvoyBootstrap.Options options;
    private final Msg bootstrap;
    private final Map<String, Msg> secrets = new LinkedHashMap<>();
    private final Set<String> staticClusters;
    private final AtomicLong unknown = new AtomicLong();
    private Support support;

    /**
     * Nothing is loaded before the first resource.
     *
     * @param staticClusters of the bootstrap
     */
    EnvoyResources(Schema schema, EnvoyBootstrap.Options options, Msg bootstrap, Set<String> staticClusters) {
        this.schema = schema;
        this.options = options;
        this.bootstrap = bootstrap;
        this.staticClusters = Set.copyOf(staticClusters);
        bootstrap.message("static_resources").ifPresent(one -> one.messages("secrets")
                .forEach(secret -> secrets.put(secret.text("name"), secret)));
    }

    /** One resource that is being read. */
    private final class Step {
        final Problems problems = new Problems();
        final Reading reading = new Reading(problems, schema, options, new FilesRead());
        final Msg message;

        Step(Resource resource, ResourceType type, Predicate<String> clusters) throws ConfigException {
            this(resource, type, clusters, true);
        }

        /** @param counts whether it is read for the first time */
        Step(Resource resource, ResourceType type, Predicate<String> clusters, boolean counts) throws ConfigException {
            reading.secrets.putAll(secrets);
            reading.staticClusters.addAll(staticClusters);
            reading.otherClusters = clusters;
            reading.bootstrap(bootstrap);
            message = checker(problems, !options.rejectUnknownDynamic()).check(type.message(), tree(resource));
            if (counts) {
                count(problems);
            }
            problems.throwIfAny();
        }

        /** What was read, or all that is wrong with it. */
        <T> T done(T result) throws ConfigException {
            problems.throwIfAny();
            return result;
        }
    }

    private Checker checker(Problems problems, boolean allowUnknown) {
        return new Checker(schema, support(), problems, allowUnknown);
    }

    private Support support() {
        if (support == null) {
            support = Support.load(options.filters());
        }
        return support;
    }

    private void count(Problems problems) {
        unknown.addAndGet(problems.warnings().stream()
                .filter(warning -> warning.contains(UNKNOWN))
                .count());
    }

    private Yaml.Mapping tree(Resource resource) throws ConfigException {
        if (resource.content() instanceof TreeContent content) {
            return content.tree();
        }
        String type = resource.type().substring(resource.type().lastIndexOf('/') + 1);
        return BinaryReader.read("", ((ProtoContent) resource.content()).bytes(), type, schema);
    }

    @Override
    public ClusterConfig cluster(Resource resource) throws ConfigException {
        Step step = new Step(resource, ResourceType.CLUSTER, name -> true);
        Matchers matchers = new Matchers(step.reading);
        List<ClusterConfig> read = new Clusters(
                        step.reading, new Tls(step.reading, matchers), new Resolvers(step.reading, bootstrap))
                .read(List.of(step.message));
        return step.done(read.get(0));
    }

    @Override
    public ListenerConfig listener(Resource resource, Predicate<String> clusters) throws ConfigException {
        Step step = new Step(resource, ResourceType.LISTENER, clusters);
        Matchers matchers = new Matchers(step.reading);
        List<ListenerConfig> read = new Listeners(
                        step.reading, matchers, new Tls(step.reading, matchers), new AccessLogs(step.reading, matchers))
                .read(List.of(step.message));
        return step.done(read.get(0));
    }

    @Override
    public RouteTable routes(Resource resource, Predicate<String> clusters) throws ConfigException {
        // Looked at once for the first who asks, which nearly always is the only one.
        AtomicReference<Step> first = new AtomicReference<>(new Step(resource, ResourceType.ROUTES, clusters));
        return filters -> {
            Step unused = first.getAndSet(null);
            Step step = unused == null ? new Step(resource, ResourceType.ROUTES, clusters, false) : unused;
            step.reading.unknownClustersByDefault = true;
            Matchers matchers = new Matchers(step.reading);
            Routes routes = new Routes(
                    step.reading, matchers, new Headers(step.reading), new Filters(step.reading, step.reading.filters));
            return step.done(routes.read(step.message, filters));
        };
    }

    @Override
    public Assignment assignment(Resource resource) throws ConfigException {
        Step step = new Step(resource, ResourceType.ENDPOINTS, name -> true);
        return step.done(new Endpoints(step.reading).read(step.message, ClusterConfig.Discovery.Type.EDS));
    }

    @Override
    public SecretContent secret(Resource resource) throws ConfigException {
        Step step = new Step(resource, ResourceType.SECRET, name -> true);
        return step.done(new Tls(step.reading, new Matchers(step.reading)).content(step.message));
    }

    @Override
    public Map<String, Object> document(Resource resource) {
        String type = resource.type().substring(resource.type().lastIndexOf('/') + 1);
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("@type", resource.type());
        try {
            out.putAll(new Document(schema).of(tree(resource), type));
        } catch (ConfigException e) {
            out.put("name", resource.name());
        }
        return out;
    }

    @Override
    public Text text(String name, byte[] text, ResourceType type) throws ConfigException {
        Problems problems = new Problems();
        Yaml.Mapping tree = YamlReader.read(name, text, problems);
        problems.throwIfAny();
        List<Resource> found = new ArrayList<>();
        String version = tree.text("version_info");
        for (Yaml.Mapping resource : Yaml.mappings(tree.get("resources"))) {
            String url = resource.text("@type");
            if (!url.equals(type.url())) {
                problems.error(
                        resource.mark(),
                        "resources[" + found.size() + "]",
                        "the type is '" + url + "', and '" + type.url() + "' is expected");
            }
            requireKnownTypes(resource, "resources[" + found.size() + "]", problems);
            // Whether its values are of the right kinds: a text that does not parse is not taken in part.
            checker(problems, true).check(type.message(), resource);
            String key = type == ResourceType.ENDPOINTS ? "cluster_name" : "name";
            found.add(new Resource(url, resource.text(key), version, new TreeContent(resource)));
        }
        problems.throwIfAny();
        return new Text(version, found);
    }

    private void requireKnownTypes(Yaml tree, String path, Problems problems) {
        if (tree instanceof Yaml.Mapping mapping) {
            String url = mapping.text("@type");
            String name = url.substring(url.lastIndexOf('/') + 1);
            if (!url.isEmpty() && schema.type(name) == null && !isIgnored(name, mapping)) {
                problems.error(mapping.mark(), path, "could not find @type '" + url + "'");
            }
            mapping.entries().forEach((key, entry) -> requireKnownTypes(entry.value(), path + "." + key, problems));
        } else if (tree instanceof Yaml.Sequence sequence) {
            for (int i = 0; i < sequence.items().size(); i++) {
                requireKnownTypes(sequence.items().get(i), path + "[" + i + "]", problems);
            }
        }
    }

    /** What Envoy does not have and is accepted all the same. */
    private boolean isIgnored(String type, Yaml.Mapping content) {
        return support().extension(type).rule(content).verdict() == Support.Verdict.IGNORED;
    }

    @Override
    public long unknownFields() {
        return unknown.get();
    }
}
