package io.grpcweb.gateway.config;

import java.time.Duration;
import java.util.Optional;

/**
 * Where resources of a kind come from (Envoy's {@code ConfigSource}).
 *
 * @param way how they come
 * @param fetchTimeout how long the first answer is waited for; zero means for ever
 */
public record ResourceSource(Way way, Duration fetchTimeout) {

    /** Envoy's {@code initial_fetch_timeout} where none is given. */
    public static final Duration FETCH_TIMEOUT = Duration.ofSeconds(15);

    /** How resources come. */
    public sealed interface Way {}

    /** Over the one stream that all kinds share (Envoy's {@code ads}). */
    public record Aggregated() implements Way {}

    /** Over a gRPC stream of their own. */
    public record Streamed(ControlPlane plane) implements Way {}

    /**
     * By asking again and again over HTTP.
     *
     * @param cluster of the static clusters
     * @param refresh from an answer to the next question
     * @param timeout of a question
     */
    public record Polled(String cluster, Duration refresh, Duration timeout) implements Way {}

    /**
     * From a file that is read again when something is moved onto its path.
     *
     * @param watchedDirectory if given, it is read again when something is moved into that folder instead
     */
    public record InFile(String path, Optional<String> watchedDirectory) implements Way {}
}
