package io.grpcweb.gateway.upstream.discovery;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.Endpoint;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.FutureListener;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * The targets of the SRV records of a name (RFC 2782): every address of a target is an endpoint with the port and weight
 * of its record, the lowest priority comes first. A target that cannot be resolved keeps its last addresses.
 */
final class SrvEndpoints implements EndpointLookup {
    private final ClusterConfig.Locality place;
    private final ClusterConfig.Host host;
    private final ClusterConfig.Discovery discovery;
    private final DnsClient client;
    private final Map<String, Target> targets = new HashMap<>();
    private DnsNameResolver resolver;
    private boolean closed;

    SrvEndpoints(
            ClusterConfig.Locality place,
            ClusterConfig.Host host,
            ClusterConfig.Discovery discovery,
            DnsClient client) {
        this.place = place;
        this.host = host;
        this.discovery = discovery;
        this.client = client;
    }

    @Override
    public void resolve(BiConsumer<Answer, Throwable> done) {
        if (resolver == null) {
            resolver = client.resolver(ResolvedAddressTypes.IPV4_PREFERRED, NoopDnsCache.INSTANCE);
        }
        DefaultDnsQuestion question = new DefaultDnsQuestion(host.address().host(), DnsRecordType.SRV);
        resolver.resolveAll(question).addListener((FutureListener<List<DnsRecord>>) answer -> {
            if (answer.isSuccess()) {
                resolved(answer.getNow(), done);
            } else {
                done.accept(null, answer.cause());
            }
        });
    }

    private void resolved(List<DnsRecord> answer, BiConsumer<Answer, Throwable> done) {
        List<SrvRecord> records = new ArrayList<>();
        long ttl = Long.MAX_VALUE;
        try {
            for (DnsRecord one : answer) {
                SrvRecord record = SrvRecord.of(one);
                ttl = Math.min(ttl, one.timeToLive());
                if (!record.isNothing()) {
                    records.add(record);
                }
            }
        } catch (RuntimeException e) {
            done.accept(null, e);
            return;
        } finally {
            answer.forEach(ReferenceCountUtil::release);
        }
        if (records.isEmpty() || closed) {
            done.accept(null, new UnknownHostException(host.address() + " has no target"));
        } else {
            findTargets(records, Duration.ofSeconds(ttl), done);
        }
    }

    private void findTargets(List<SrvRecord> records, Duration ttl, BiConsumer<Answer, Throwable> done) {
        Set<String> names = records.stream().map(SrvRecord::host).collect(Collectors.toCollection(TreeSet::new));
        targets.entrySet()
                .removeIf(known ->
                        !names.contains(known.getKey()) && known.getValue().close());
        Round round = new Round(records, names.size(), ttl, done);
        for (String name : names) {
            targets.computeIfAbsent(name, Target::new).resolve(round);
        }
    }

    @Override
    public void close() {
        closed = true;
        targets.values().forEach(Target::close);
        if (resolver != null) {
            resolver.close();
        }
    }

    /** A name that records point to. */
    private final class Target {
        private final DnsLookup lookup;
        private List<InetAddress> addresses = List.of();

        Target(String name) {
            lookup = new DnsLookup(name, discovery.family(), client);
        }

        void resolve(Round round) {
            lookup.resolve((answer, reason) -> {
                if (answer != null) {
                    addresses = answer.addresses();
                }
                round.targetAsked(answer, reason);
            });
        }

        boolean close() {
            lookup.close();
            return true;
        }
    }

    /** One answer and the questions for its targets. */
    private final class Round {
        private final List<SrvRecord> records;
        private final BiConsumer<Answer, Throwable> done;
        private int waiting;
        private Duration ttl;
        private Throwable failure;

        Round(List<SrvRecord> records, int targets, Duration ttl, BiConsumer<Answer, Throwable> done) {
            this.records = records;
            this.waiting = targets;
            this.ttl = ttl;
            this.done = done;
        }

        void targetAsked(DnsLookup.Answer answer, Throwable reason) {
            if (answer == null) {
                failure = reason;
            } else if (!answer.ttl().isZero() && answer.ttl().compareTo(ttl) < 0) {
                ttl = answer.ttl();
            }
            if (--waiting == 0) {
                List<Discovery.Found> found = endpoints();
                done.accept(found.isEmpty() ? null : new Answer(found, ttl), failure);
            }
        }

        private List<Discovery.Found> endpoints() {
            List<Integer> priorities = records.stream()
                    .map(SrvRecord::priority)
                    .distinct()
                    .sorted()
                    .toList();
            List<Discovery.Found> found = new ArrayList<>();
            for (SrvRecord record : records) {
                ClusterConfig.Locality level = place.at(place.priority() + priorities.indexOf(record.priority()));
                ClusterConfig.Host endpoint =
                        host.at(new Endpoint(record.host(), record.port()), Math.max(1, record.weight()));
                for (InetAddress address : targets.get(record.host()).addresses) {
                    found.add(new Discovery.Found(
                            level, endpoint, List.of(new InetSocketAddress(address, record.port()))));
                }
            }
            return found;
        }
    }
}
