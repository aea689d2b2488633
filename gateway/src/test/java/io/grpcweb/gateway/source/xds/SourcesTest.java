package io.grpcweb.gateway.source.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.config.ControlPlane;
import io.grpcweb.gateway.config.Resource;
import io.grpcweb.gateway.config.ResourceSource;
import io.grpcweb.gateway.config.ResourceType;
import io.grpcweb.gateway.source.xds.proto.Node;
import io.grpcweb.gateway.stats.Stats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What is asked, acknowledged and refused, event by event, without a socket. */
class SourcesTest {
    private static final ResourceSource ADS =
            new ResourceSource(new ResourceSource.Aggregated(), Duration.ofSeconds(15));
    private static final Duration TURN = Duration.ZERO;

    private final StoppedTimers timers = new StoppedTimers();
    private final Stats stats = new Stats();
    private PlayedStreams streams;
    private Sources sources;

    /** Takes everything but what it is told to refuse. */
    private static class Taker implements Receiver {
        final List<String> heard = new ArrayList<>();
        final Map<String, String> refuses = new LinkedHashMap<>();
        boolean settled;

        @Override
        public Map<String, String> changed(List<Resource> changed, Set<String> removed, String version) {
            heard.add(changed.stream().map(Resource::name).toList() + " without " + new TreeSet<>(removed));
            Map<String, String> problems = new LinkedHashMap<>();
            changed.stream()
                    .filter(one -> refuses.containsKey(one.name()))
                    .forEach(one -> problems.put(one.name(), refuses.get(one.name())));
            return problems;
        }

        @Override
        public void settled() {
            settled = true;
        }
    }

    private void start(boolean delta) {
        streams = new PlayedStreams(delta);
        ControlPlane plane = new ControlPlane("xds", "", delta, true, List.of());
        sources = new Sources(
                new Sources.Parts(
                        timers,
                        streams,
                        Node.newBuilder().setId("me").build(),
                        new SeriesNames(stats),
                        (source, path, body, asker) -> asker.failed("none"),
                        (name, text, type) -> new ResourceFiles.Text("", List.of())),
                Optional.of(plane));
    }

    private Sources.Subscription want(ResourceType type, String name, Receiver receiver) throws SourceException {
        Sources.Subscription subscription = sources.subscribe(ADS, type, name, "owner", receiver);
        timers.pass(TURN);
        return subscription;
    }

    private long value(String name) {
        return stats.byName().get(name).value().getAsLong();
    }

    @Test
    void whatAnAnswerNeedsIsAskedForBeforeItIsAcknowledged() throws SourceException {
        start(false);
        Taker endpoints = new Taker();
        Taker clusters = new Taker() {
            @Override
            public Map<String, String> changed(List<Resource> changed, Set<String> removed, String version) {
                for (Resource one : changed) {
                    try {
                        sources.subscribe(ADS, ResourceType.ENDPOINTS, one.name(), one.name(), endpoints);
                    } catch (SourceException e) {
                        throw new AssertionError(e);
                    }
                }
                return super.changed(changed, removed, version);
            }
        };
        want(ResourceType.CLUSTER, "", clusters);
        assertThat(streams.opened)
                .containsExactly("envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources");
        assertThat(streams.sent()).containsExactly("CLUSTER v= n= [] by me");

        streams.world(ResourceType.CLUSTER, "1", "a=x", "b=x");

        assertThat(streams.sent()).containsExactly("ENDPOINTS v= n= [a, b]", "CLUSTER v=1 n=n1 []");
        streams.world(ResourceType.ENDPOINTS, "7", "a=1", "b=2", "c=3");
        assertThat(streams.sent()).containsExactly("ENDPOINTS v=7 n=n7 [a, b]");
        assertThat(endpoints.heard).containsExactly("[a] without []", "[b] without []");
        assertThat(clusters.settled).isTrue();
    }

    @Test
    void equalContentsAreAcknowledgedAndNotPassedOn() throws SourceException {
        start(false);
        Taker clusters = new Taker();
        want(ResourceType.CLUSTER, "", clusters);
        streams.world(ResourceType.CLUSTER, "1", "a=x", "b=x");
        streams.world(ResourceType.CLUSTER, "2", "a=x", "b=x");
        streams.world(ResourceType.CLUSTER, "3", "a=y");

        assertThat(streams.sent())
                .containsExactly(
                        "CLUSTER v= n= [] by me", "CLUSTER v=1 n=n1 []", "CLUSTER v=2 n=n2 []", "CLUSTER v=3 n=n3 []");
        assertThat(clusters.heard).containsExactly("[a, b] without []", "[a] without [b]");
        assertThat(value("cluster_manager.cds.update_success")).isEqualTo(3);
    }

    @Test
    void theGoodIsTakenOfAResponseThatIsRefused() throws SourceException {
        start(false);
        Taker listeners = new Taker();
        listeners.refuses.put("bad", "it is bad");
        listeners.refuses.put("worse", "it is worse");
        want(ResourceType.LISTENER, "", listeners);
        streams.world(ResourceType.LISTENER, "1", "good=x", "bad=x", "worse=x");

        assertThat(streams.sent()).containsExactly("LISTENER v= n= [] by me", """
                        LISTENER v= n=n1 [] refused 13 Error adding/updating listener(s) bad: it is bad
                        worse: it is worse
                        """);
        listeners.refuses.clear();
        streams.world(ResourceType.LISTENER, "2", "good=x", "bad=y", "worse=y");
        assertThat(listeners.heard).containsExactly("[good, bad, worse] without []", "[bad, worse] without []");
        assertThat(streams.sent()).containsExactly("LISTENER v=2 n=n2 []");
        assertThat(value("listener_manager.lds.update_rejected")).isEqualTo(1);
    }

    @Test
    void theSameRefusedContentIsRefusedAgainAfterAPauseAndNotLookedAt() throws SourceException {
        start(false);
        Taker listeners = new Taker();
        listeners.refuses.put("bad", "it is bad");
        want(ResourceType.LISTENER, "", listeners);
        streams.world(ResourceType.LISTENER, "1", "bad=x");
        streams.sent();
        int heard = listeners.heard.size();

        for (int i = 0; i < 20; i++) {
            streams.world(ResourceType.LISTENER, "1", "bad=x");
            assertThat(streams.sent()).isEmpty();
            timers.pass(Duration.ofSeconds(5));
            assertThat(streams.sent())
                    .containsExactly(
                            "LISTENER v= n=n1 [] refused 13 Error adding/updating listener(s) bad: it is bad\n");
        }

        assertThat(listeners.heard).hasSize(heard);
    }

    @Test
    void whatWasRefusedIsLookedAtAgainWhenSomethingElseHasChanged() throws SourceException {
        start(false);
        Taker listeners = new Taker();
        Taker clusters = new Taker();
        listeners.refuses.put("web", "no cluster echo");
        want(ResourceType.LISTENER, "", listeners);
        want(ResourceType.CLUSTER, "", clusters);
        streams.world(ResourceType.LISTENER, "1", "web=x");
        streams.world(ResourceType.CLUSTER, "1", "echo=x");
        listeners.refuses.clear();
        streams.sent();

        streams.world(ResourceType.LISTENER, "1", "web=x");

        assertThat(streams.sent()).containsExactly("LISTENER v=1 n=n1 []");
    }

    @Test
    void aResponseWithTheSameNameTwiceIsRefusedAsAWhole() throws SourceException {
        start(false);
        Taker clusters = new Taker();
        want(ResourceType.CLUSTER, "", clusters);
        streams.world(ResourceType.CLUSTER, "1", "a=x", "a=y");

        assertThat(streams.sent()).last().isEqualTo("CLUSTER v= n=n1 [] refused 13 duplicate cluster a found");
        assertThat(clusters.heard).isEmpty();
        assertThat(clusters.settled).isTrue();
    }

    @Test
    void aResourceOfAnotherTypeThanItsResponseIsRefused() throws SourceException {
        start(false);
        want(ResourceType.CLUSTER, "", new Taker());
        streams.say(PlayedStreams.worldBytes(ResourceType.CLUSTER, ResourceType.LISTENER.url(), "1", "a=x"));

        assertThat(streams.sent())
                .last()
                .isEqualTo("CLUSTER v= n=n1 [] refused 13 " + ResourceType.LISTENER.url()
                        + " does not match the message-wide type URL " + ResourceType.CLUSTER.url()
                        + " in DiscoveryResponse");
    }

    @Test
    void aTypeThatNobodyAskedForIsIgnored() throws SourceException {
        start(false);
        want(ResourceType.CLUSTER, "", new Taker());
        streams.sent();

        streams.world(ResourceType.ROUTES, "1", "a=x");

        assertThat(streams.sent()).isEmpty();
    }

    @Test
    void anotherStreamBeginsWithWhatIsInForce() throws SourceException {
        start(false);
        want(ResourceType.CLUSTER, "", new Taker());
        want(ResourceType.ROUTES, "main", new Taker());
        streams.reached();
        assertThat(value("control_plane.connected_state")).isEqualTo(1);
        streams.world(ResourceType.CLUSTER, "4", "a=x");
        streams.world(ResourceType.ROUTES, "5", "main=x");
        streams.sent();

        streams.end(14);
        assertThat(value("control_plane.connected_state")).isZero();
        timers.pass(Duration.ofSeconds(30));

        assertThat(streams.opened).hasSize(2);
        assertThat(streams.sent()).containsExactly("CLUSTER v=4 n= [] by me", "ROUTES v=5 n= [main]");
    }

    @Test
    void pausesGrowAndAnAnswerMakesThemShortAgain() throws SourceException {
        start(false);
        want(ResourceType.CLUSTER, "", new Taker());
        for (int i = 0; i < 8; i++) {
            streams.end(14);
            int before = streams.opened.size();
            timers.pass(Duration.ofMillis(500).multipliedBy(1L << Math.min(i, 6)));
            assertThat(streams.opened).as("after failure %d", i).hasSize(before + 1);
        }
        streams.world(ResourceType.CLUSTER, "1", "a=x");
        streams.end(14);
        int before = streams.opened.size();
        timers.pass(Duration.ofMillis(500));
        assertThat(streams.opened).hasSize(before + 1);
    }

    @Test
    void aControlPlaneThatIsNeverReachedIsTriedAgain() throws SourceException {
        start(false);
        want(ResourceType.CLUSTER, "", new Taker());

        timers.pass(Duration.ofSeconds(31));

        assertThat(streams.opened.size()).isGreaterThan(1);
        assertThat(streams.sent()).contains("cancel");
    }

    @Test
    void bytesThatAreNoMessageEndTheStream() throws SourceException {
        start(false);
        want(ResourceType.CLUSTER, "", new Taker());
        streams.sent();

        streams.say(new byte[] {-1, -1, -1});

        assertThat(streams.sent()).containsExactly("cancel");
        timers.pass(Duration.ofSeconds(1));
        assertThat(streams.opened).hasSize(2);
    }

    @Test
    void namesAreAddedAndTakenAway() throws SourceException {
        start(false);
        Sources.Subscription one = want(ResourceType.ROUTES, "one", new Taker());
        want(ResourceType.ROUTES, "two", new Taker());
        one.close();
        timers.pass(TURN);

        assertThat(streams.sent())
                .containsExactly("ROUTES v= n= [one] by me", "ROUTES v= n= [one, two]", "ROUTES v= n= [two]");
    }

    @Test
    void whoWantsTheSameSharesItAndKnowsItAtOnce() throws SourceException {
        start(false);
        Sources.Subscription one = want(ResourceType.ROUTES, "main", new Taker());
        assertThat(one.known()).isEmpty();
        streams.world(ResourceType.ROUTES, "1", "main=x");
        streams.sent();

        Sources.Subscription other = want(ResourceType.ROUTES, "main", new Taker());

        assertThat(other.known()).map(Resource::version).contains("1");
        assertThat(other.isSettled()).isTrue();
        one.close();
        timers.pass(TURN);
        assertThat(streams.sent()).isEmpty();
    }

    @Test
    void theWaitEndsWithItsTime() throws SourceException {
        start(false);
        Taker taker = new Taker();
        want(ResourceType.CLUSTER, "", taker);
        timers.pass(Duration.ofSeconds(14));
        assertThat(taker.settled).isFalse();
        timers.pass(Duration.ofSeconds(1));
        assertThat(taker.settled).isTrue();
        assertThat(value("cluster_manager.cds.init_fetch_timeout")).isEqualTo(1);
    }

    @Test
    void deltaAddsAndTakesAwayNames() throws SourceException {
        start(true);
        Taker routes = new Taker();
        want(ResourceType.CLUSTER, "", new Taker());
        Sources.Subscription one = want(ResourceType.ROUTES, "one", routes);
        want(ResourceType.ROUTES, "two", routes);
        one.close();
        timers.pass(TURN);

        assertThat(streams.opened)
                .containsExactly("envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources");
        assertThat(streams.sent())
                .containsExactly(
                        "CLUSTER n= +[] -[]", "ROUTES n= +[one] -[]", "ROUTES n= +[two] -[]", "ROUTES n= +[] -[one]");
    }

    @Test
    void deltaSaysAfterAnEndWhatItHas() throws SourceException {
        start(true);
        Taker clusters = new Taker();
        want(ResourceType.CLUSTER, "", clusters);
        want(ResourceType.ROUTES, "main", new Taker());
        streams.delta(ResourceType.CLUSTER, "1", "a=x", "b=x");
        streams.delta(ResourceType.CLUSTER, "2", "c=x", "-b");
        streams.delta(ResourceType.ROUTES, "3", "main=x");
        assertThat(clusters.heard).containsExactly("[a, b] without []", "[c] without [b]");
        assertThat(streams.sent()).contains("CLUSTER n=n2 +[] -[]", "ROUTES n=n3 +[] -[]");

        streams.end(0);
        timers.pass(Duration.ofSeconds(1));

        assertThat(streams.sent())
                .containsExactly("CLUSTER n= +[] -[] has a=1,c=2", "ROUTES n= +[main] -[] has main=3");
    }

    @Test
    void deltaRefusesWithTheReason() throws SourceException {
        start(true);
        Taker routes = new Taker();
        routes.refuses.put("main", "no match");
        want(ResourceType.ROUTES, "main", routes);
        streams.sent();

        streams.delta(ResourceType.ROUTES, "1", "main=x");

        assertThat(streams.sent()).containsExactly("ROUTES n=n1 +[] -[] refused main: no match");
    }

    @Test
    void aSourceOfItsOwnHasAStreamOfItsOwn() throws SourceException {
        start(false);
        ControlPlane plane = new ControlPlane("xds", "", true, true, List.of());
        ResourceSource own = new ResourceSource(new ResourceSource.Streamed(plane), Duration.ofSeconds(15));
        sources.subscribe(own, ResourceType.SECRET, "key", "", new Taker()).close();
        assertThat(streams.opened).containsExactly("envoy.service.secret.v3.SecretDiscoveryService/DeltaSecrets");
        assertThat(streams.sent()).containsExactly("cancel");
    }

    @Test
    void withoutASharedStreamNothingCanBeWantedOfIt() {
        start(false);
        Sources lonely = new Sources(
                new Sources.Parts(timers, streams, Node.getDefaultInstance(), new SeriesNames(stats), null, null),
                Optional.empty());
        assertThatThrownBy(() -> lonely.subscribe(ADS, ResourceType.CLUSTER, "", "", new Taker()))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("ads_config");
    }
}
