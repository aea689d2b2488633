package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Subject;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of groups of endpoints, and of the groups that requests go to. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record SubsetFieldsTest(Subject subject) {
    /** More than there are endpoints, whatever the first of them is and how many event loops there are. */
    private static final int ROUNDS = 24;

    /** The values of the endpoints a, b and c. */
    private static final Map<String, String> SAID =
            new TreeMap<>(Map.of("a", "stage: prod, version: 1", "b", "stage: prod, version: 2", "c", "stage: dev"));

    private static final String ROUTES = route("v1", "cluster: backend, " + with("stage: prod, version: 1"))
            + route("prod", "cluster: backend, " + with("stage: prod"))
            + route("dev", "cluster: backend, " + with("stage: dev"))
            + route("none", "cluster: backend, " + with("stage: test"))
            + route("v9", "cluster: backend, " + with("stage: dev, version: 9"))
            + route("other", "cluster: backend, " + with("colour: red"))
            + route(
                    "weighted",
                    with("stage: prod, version: 1") + ", weighted_clusters: { clusters: [ { name: backend, weight: 1, "
                            + with("version: 2") + " } ] }")
            + route("any", "cluster: backend");

    private static String route(String path, String action) {
        return "- match: { path: /" + path + " }\n  route: { " + action + " }\n";
    }

    private static String with(String values) {
        return "metadata_match: { filter_metadata: { envoy.lb: { " + values + " } } }";
    }

    private static Http1Backend backend(String name) {
        return new Http1Backend(request -> "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n" + name);
    }

    /** Which endpoints answer to each path, then how many calls went elsewhere and how many where they wanted, in rounds. */
    private String answers(String cluster, String... paths) {
        try (Http1Backend a = backend("a");
                Http1Backend b = backend("b");
                Http1Backend c = backend("c")) {
            EnvoyFile file = new EnvoyFile().http1().with("CLUSTER", cluster).with("ROUTES", ROUTES);
            Map<String, Http1Backend> backends = Map.of("a", a, "b", b, "c", c);
            SAID.forEach((name, said) ->
                    file.with("ENDPOINTS", """
                    - endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: %d } } }
                      metadata: { filter_metadata: { envoy.lb: { %s } } }
                    """.formatted(backends.get(name).port(), said)));
            try (Subject.Running gateway = subject.start(file);
                    Http1Browser browser = new Http1Browser(gateway.port())) {
                StringBuilder all = new StringBuilder();
                for (String path : paths) {
                    TreeSet<String> met = new TreeSet<>();
                    for (int i = 0; i < ROUNDS; i++) {
                        Answer answer = browser.ask("GET", "/" + path);
                        met.add(answer.status() == 200 ? answer.text() : "-");
                    }
                    all.append(path).append(met).append(' ');
                }
                Map<String, String> stats = gateway.stats(Pattern.compile("lb_subsets_(selected|fallback)"));
                return all.append(Integer.parseInt(stats.get("lb_subsets_fallback")) / ROUNDS)
                        .append(' ')
                        .append(Integer.parseInt(stats.get("lb_subsets_selected")) / ROUNDS)
                        .toString();
            }
        }
    }

    private static String subsets(String fields) {
        return "lb_subset_config: { " + fields + " }";
    }

    @Test
    void aRequestGoesToTheEndpointsThatItAsksFor() {
        String selectors = "subset_selectors: [ { keys: [ stage, version ] }, { keys: [ stage ] } ]";
        assertThat(answers(subsets(selectors), "v1", "prod", "dev", "weighted"))
                .isEqualTo("v1[a] prod[a, b] dev[c] weighted[b] 0 4");
    }

    @Test
    void whatNoEndpointHasGoesWhereTheFileSays() {
        String selectors = ", subset_selectors: [ { keys: [ stage ] } ]";
        assertThat(answers(subsets("fallback_policy: NO_FALLBACK" + selectors), "none", "other", "any", "v1"))
                .isEqualTo("none[-] other[-] any[-] v1[-] 0 0");
        assertThat(answers(subsets("fallback_policy: ANY_ENDPOINT" + selectors), "none", "other", "any"))
                .isEqualTo("none[a, b, c] other[a, b, c] any[a, b, c] 3 0");
        assertThat(answers(
                        subsets("fallback_policy: DEFAULT_SUBSET, default_subset: { stage: dev }" + selectors),
                        "none",
                        "any",
                        "prod"))
                .isEqualTo("none[c] any[c] prod[a, b] 2 1");
    }

    @Test
    void aSelectorMayHaveAFallbackOfItsOwn() {
        String fields = "fallback_policy: ANY_ENDPOINT, default_subset: { version: 2 }, subset_selectors: ["
                + " { keys: [ stage ], fallback_policy: NO_FALLBACK },"
                + " { keys: [ stage, version ], fallback_policy: KEYS_SUBSET, fallback_keys_subset: [ stage ] },"
                + " { keys: [ colour ], fallback_policy: DEFAULT_SUBSET } ]";
        assertThat(answers(subsets(fields), "v9", "none", "other", "any"))
                .isEqualTo("v9[c] none[-] other[b] any[a, b, c] 1 1");
    }

    @Test
    void thePolicyHasTheSameFields() {
        String policy = """
                load_balancing_policy:
                  policies:
                  - typed_extension_config:
                      name: subset
                      typed_config:
                        "@type": type.googleapis.com/envoy.extensions.load_balancing_policies.subset.v3.Subset
                        fallback_policy: DEFAULT_SUBSET
                        default_subset: { stage: dev }
                        subset_selectors:
                        - keys: [ stage, version ]
                          fallback_policy: KEYS_SUBSET
                          fallback_keys_subset: [ stage ]
                        - keys: [ stage ]
                        subset_lb_policy:
                          policies:
                          - typed_extension_config:
                              name: inner
                              typed_config:
                                "@type": type.googleapis.com/envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin
                """;
        assertThat(answers(policy, "v1", "prod", "v9", "none")).isEqualTo("v1[a] prod[a, b] v9[c] none[c] 1 3");
    }
}
