package io.grpcweb.gateway.match;

import io.grpcweb.gateway.config.IpRange;
import io.grpcweb.gateway.config.MetadataMatch;
import io.grpcweb.gateway.config.RouteConfig.HeaderMatch;
import io.grpcweb.gateway.config.StringMatch;
import java.util.List;
import java.util.Optional;

/** A condition on a request, as a configuration says it. */
public sealed interface Condition {

    /** It always holds. */
    record Anything() implements Condition {}

    /** All of them hold. */
    record All(List<Condition> conditions) implements Condition {
        public All {
            conditions = List.copyOf(conditions);
        }
    }

    /** One of them holds at least. */
    record AnyOf(List<Condition> conditions) implements Condition {
        public AnyOf {
            conditions = List.copyOf(conditions);
        }
    }

    /** The other one does not hold. */
    record Not(Condition condition) implements Condition {}

    /** A header field; of several values each is looked at alone, and one that fits is enough. */
    record Header(HeaderMatch match) implements Condition {}

    /** A text that is there and fits. */
    record Text(Subject of, StringMatch match) implements Condition {}

    /** An address is in one of the ranges. */
    record Address(Side of, List<IpRange> ranges) implements Condition {
        public Address {
            ranges = List.copyOf(ranges);
        }
    }

    /** The port that the client connected to is between two, the second exclusive. */
    record Port(int from, int to) implements Condition {}

    /** What filters have found out. */
    record Metadata(MetadataMatch match) implements Condition {}

    /**
     * The TLS of the client's connection; in cleartext it never holds.
     *
     * @param verified whether the client must have shown a certificate
     * @param name one name of the certificate fits at least; absent: whatever it says, if there is one
     */
    record Client(boolean verified, Optional<ClientName> name) implements Condition {}

    /** Names of a certificate that are compared, in this order, and the matcher of them. */
    record ClientName(List<Kind> kinds, StringMatch match) {
        /** What Envoy compares with the name of a principal. */
        static final List<Kind> USUAL = List.of(Kind.URI, Kind.DNS, Kind.SUBJECT);

        public ClientName {
            kinds = List.copyOf(kinds);
        }

        /** Where a name stands. */
        public enum Kind {
            URI,
            DNS,
            EMAIL,
            IP,
            SUBJECT
        }
    }

    /** Whose address. */
    enum Side {
        /** The client, by {@code x-forwarded-for} as far as that is trusted. */
        CLIENT,
        /** The other end of the connection. */
        PEER,
        /** The address that the client connected to. */
        LISTENER
    }

    /** Which text. */
    sealed interface Subject {
        /** The path without its query. */
        record Path() implements Subject {}

        /** All values of a header field, joined by commas. */
        record Field(String name) implements Subject {}

        /** The server name of the TLS handshake. */
        record ServerName() implements Subject {}

        /** An address in digits. */
        record AddressText(Side of) implements Subject {}

        /** The names of one kind in the client's certificate, joined by commas. */
        record Names(ClientName.Kind kind) implements Subject {}

        /** An object that a filter keeps for the exchange. */
        record State(String key) implements Subject {}

        /** The HTTP status of a response; only where responses are looked at. */
        record Status() implements Subject {}

        /** The class of that, such as {@code 5xx}. */
        record StatusClass() implements Subject {}

        /** All values of a header field of a response, joined by commas. */
        record ResponseField(String name) implements Subject {}

        /** Whether the response is the gateway's own: {@code true} or {@code false}. */
        record LocalReply() implements Subject {}

        /** Whether it can be told of a response alone. */
        default boolean ofResponse() {
            return this instanceof Status
                    || this instanceof StatusClass
                    || this instanceof ResponseField
                    || this instanceof LocalReply;
        }
    }
}
