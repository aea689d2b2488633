package io.grpcweb.gateway.config.hocon;

/**
 * The fields of a record in the gateway's own format, each said once: a method that asks {@link Fields} for every one of
 * them, with its key and the value it has in the given record, and makes a record of the answers. The same method reads a
 * section, since the answers are what is written there and the given record holds the defaults; and it writes one, since
 * the answers are what the given record has.
 *
 * <pre>{@code
 * static Keepalive keepalive(Fields own, Keepalive given) {
 *     return new Keepalive(own.duration("interval", given.interval()), own.duration("timeout", given.timeout()));
 * }
 * }</pre>
 *
 * @param <T> the record
 */
@FunctionalInterface
public interface Description<T> {

    T of(Fields own, T given);
}
