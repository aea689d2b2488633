package io.grpcweb.gateway.match;

import io.grpcweb.gateway.config.IpRange;
import io.grpcweb.gateway.config.MetadataMatch;
import io.grpcweb.gateway.config.RouteConfig.HeaderMatch;
import io.grpcweb.gateway.config.StringMatch;
import io.grpcweb.gateway.config.ValueMatch;
import io.grpcweb.gateway.http.StreamInfo;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Makes checks of conditions. */
final class Checks {
    private Checks() {}

    static Check of(Condition condition) {
        if (condition instanceof Condition.Anything) {
            return (info, head) -> Truth.YES;
        }
        if (condition instanceof Condition.All all) {
            return combined(all.conditions(), Truth.NO);
        }
        if (condition instanceof Condition.AnyOf any) {
            return combined(any.conditions(), Truth.YES);
        }
        if (condition instanceof Condition.Not not) {
            Check inner = of(not.condition());
            return (info, head) -> inner.holds(info, head).inverted();
        }
        if (condition instanceof Condition.Header header) {
            return header(header.match());
        }
        if (condition instanceof Condition.Text text) {
            StringMatch match = text.match();
            Subjects.Reader reader = Subjects.of(text.of());
            return (info, head) -> fits(match, reader.read(info, head));
        }
        if (condition instanceof Condition.Address address) {
            return address(address.of(), address.ranges().toArray(IpRange[]::new));
        }
        if (condition instanceof Condition.Port port) {
            return (info, head) -> Truth.of(info.connection.local() instanceof InetSocketAddress local
                    && local.getPort() >= port.from()
                    && local.getPort() < port.to());
        }
        if (condition instanceof Condition.Metadata metadata) {
            return metadata(metadata.match());
        }
        return client((Condition.Client) condition);
    }

    /** The value of one decides the whole if it is this one; else it is unknown if one is, and the other one if none is. */
    private static Check combined(List<Condition> conditions, Truth decisive) {
        Check[] checks = conditions.stream().map(Checks::of).toArray(Check[]::new);
        return (info, head) -> {
            Truth all = decisive.inverted();
            for (Check check : checks) {
                Truth one = check.holds(info, head);
                if (one == decisive) {
                    return decisive;
                }
                if (one == Truth.UNKNOWN) {
                    all = Truth.UNKNOWN;
                }
            }
            return all;
        };
    }

    static Truth fits(StringMatch match, CharSequence text) {
        if (text == null) {
            return Truth.NO;
        }
        return match.reads(text) ? Truth.of(match.matches(text)) : Truth.UNKNOWN;
    }

    private static Check header(HeaderMatch match) {
        String name = Subjects.field(match.name());
        HeaderMatch bare = new HeaderMatch(match.name(), match.value(), match.range(), false, false);
        return (info, head) -> {
            Iterator<CharSequence> values = head.valueIterator(name);
            if (!values.hasNext()) {
                return Truth.of(match.fits(null));
            }
            Truth any = Truth.NO;
            while (values.hasNext() && any != Truth.YES) {
                CharSequence value = values.next();
                if (match.value().isPresent() && !match.value().get().reads(value)) {
                    any = Truth.UNKNOWN;
                } else if (bare.fits(value)) {
                    any = Truth.YES;
                }
            }
            return match.invert() ? any.inverted() : any;
        };
    }

    private static Check address(Condition.Side side, IpRange[] ranges) {
        return (info, head) -> {
            InetAddress address = Subjects.address(side, info);
            for (IpRange range : ranges) {
                if (range.contains(address)) {
                    return Truth.YES;
                }
            }
            return Truth.NO;
        };
    }

    private static Check metadata(MetadataMatch match) {
        return (info, head) -> {
            Object value;
            if (match.ofRoute()) {
                Object said = info.routeMetadata.at(match.path());
                value = said == null ? ValueMatch.ABSENT : said;
            } else {
                value = info.metadata == null ? ValueMatch.ABSENT : info.metadata.at(match.path(), ValueMatch.ABSENT);
            }
            return match.value().reads(value) ? Truth.of(match.fits(value)) : Truth.UNKNOWN;
        };
    }

    private static Check client(Condition.Client client) {
        Optional<Condition.ClientName> name = client.name();
        return (info, head) -> {
            if (info.connection.tls() == null
                    || (client.verified() && info.connection.tls().peer() == null)) {
                return Truth.NO;
            }
            return name.isEmpty() ? Truth.YES : named(name.get(), info);
        };
    }

    private static Truth named(Condition.ClientName wanted, StreamInfo info) {
        Truth any = Truth.NO;
        for (Condition.ClientName.Kind kind : wanted.kinds()) {
            for (String name : CertificateNames.of(info.connection.tls().peer(), kind)) {
                Truth one = fits(wanted.match(), name);
                if (one == Truth.YES) {
                    return Truth.YES;
                }
                any = one == Truth.UNKNOWN ? one : any;
            }
        }
        return any;
    }
}
