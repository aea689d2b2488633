package io.grpcweb.gateway.filter.connect;

import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.schema.Described;
import io.grpcweb.gateway.schema.ProtoSchema;
import java.util.List;
import java.util.Optional;

/**
 * Whether and how Connect is spoken.
 *
 * @param on whether it is spoken at all
 * @param dialect whose rules hold
 * @param versionRequired whether unary calls must name the version of the protocol, so that no other request is taken for one
 * @param mostBytes of one message that is held until its length or the outcome of its call is known, 1 or more
 * @param get methods that may be called with GET, as {@code package.Service/Method} or {@code package.Service/*}; those of the
 *     descriptors that have no side effects may be as well
 * @param descriptors of the methods, by which messages in JSON are read
 * @param reflection whether backends are asked for them where none are given
 */
public record ConnectConfig(
        String name,
        boolean on,
        Dialect dialect,
        boolean versionRequired,
        int mostBytes,
        List<String> get,
        Optional<Descriptors> descriptors,
        boolean reflection)
        implements FilterConfig, Described {

    public ConnectConfig {
        get = List.copyOf(get);
    }

    /** Places of the own format say what holds below them. */
    @Override
    public boolean placed() {
        return dialect == Dialect.CONNECT;
    }

    @Override
    public Optional<ProtoSchema> described() {
        return descriptors.map(Descriptors::schema);
    }
}
