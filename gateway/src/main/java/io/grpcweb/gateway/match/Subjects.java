package io.grpcweb.gateway.match;

import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.FieldValues;
import io.grpcweb.gateway.http.StreamInfo;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;

/** Reads what conditions are about. */
final class Subjects {
    private static final String AUTHORITY =
            Http2Headers.PseudoHeaderName.AUTHORITY.value().toString();

    private Subjects() {}

    /** Reads one text of a request; null where there is none. */
    interface Reader {
        CharSequence read(StreamInfo info, Http2Headers head);
    }

    static Reader of(Condition.Subject subject) {
        if (subject instanceof Condition.Subject.Path) {
            return (info, head) -> path(head.path());
        }
        if (subject instanceof Condition.Subject.Field field) {
            String name = field(field.name());
            return (info, head) -> FieldValues.joined(head, name);
        }
        if (subject instanceof Condition.Subject.ServerName) {
            return (info, head) -> info.connection.serverName() == null ? "" : info.connection.serverName();
        }
        if (subject instanceof Condition.Subject.State state) {
            return (info, head) -> info.state(state.key());
        }
        if (subject instanceof Condition.Subject.AddressText text) {
            return (info, head) -> {
                InetAddress address = address(text.of(), info);
                return address == null ? null : NetUtil.toAddressString(address);
            };
        }
        if (subject.ofResponse()) {
            return ofResponse(subject);
        }
        Condition.ClientName.Kind kind = ((Condition.Subject.Names) subject).kind();
        return (info, head) -> names(info, kind);
    }

    private static Reader ofResponse(Condition.Subject subject) {
        if (subject instanceof Condition.Subject.Status) {
            return (info, head) -> Integer.toString(info.responseCode);
        }
        if (subject instanceof Condition.Subject.StatusClass) {
            return (info, head) -> info.responseCode / 100 + "xx";
        }
        if (subject instanceof Condition.Subject.ResponseField field) {
            return (info, head) -> FieldValues.joined(info.responseHeaders, field.name());
        }
        return (info, head) -> String.valueOf(info.details != Details.VIA_UPSTREAM);
    }

    /** HTTP/2 has another name for Host. */
    static String field(String name) {
        return name.equals("host") ? AUTHORITY : name;
    }

    private static CharSequence path(CharSequence path) {
        int query = path == null ? -1 : AsciiString.indexOf(path, '?', 0);
        return query < 0 ? path : path.subSequence(0, query);
    }

    private static CharSequence names(StreamInfo info, Condition.ClientName.Kind kind) {
        if (info.connection.tls() == null) {
            return null;
        }
        List<String> names = CertificateNames.of(info.connection.tls().peer(), kind);
        return names.isEmpty() ? null : String.join(",", names);
    }

    /** Null where it is not an IP address. */
    static InetAddress address(Condition.Side side, StreamInfo info) {
        if (side == Condition.Side.CLIENT) {
            return info.client();
        }
        SocketAddress address = side == Condition.Side.LISTENER ? info.connection.local() : info.connection.remote();
        return address instanceof InetSocketAddress inet ? inet.getAddress() : null;
    }
}
