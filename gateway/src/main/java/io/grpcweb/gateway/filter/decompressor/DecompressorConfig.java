package io.grpcweb.gateway.filter.decompressor;

import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.filter.coding.CodingKind;
import java.util.List;

/**
 * What is decompressed.
 *
 * @param library a part of the names of its counters: Envoy's name of the library
 * @param codings that are undone; an Envoy file has one in each filter
 * @param mostGrowth how many times longer than its coded form a body may be
 * @param advertise whether the backend is told that it may use the codings; only where responses are decompressed
 * @param sizeTrailers whether trailers say how long the body was with its coding and without it
 * @param passesOtherCodings whether requests in other codings go on, even where they are calls of gRPC-Web
 */
public record DecompressorConfig(
        String name,
        String library,
        List<CodingKind> codings,
        Direction request,
        Direction response,
        int mostGrowth,
        boolean advertise,
        boolean sizeTrailers,
        boolean passesOtherCodings)
        implements FilterConfig {

    /**
     * One direction.
     *
     * @param evenNoTransform also bodies whose {@code cache-control} has {@code no-transform}
     */
    public record Direction(boolean enabled, boolean evenNoTransform) {}

    public DecompressorConfig {
        codings = List.copyOf(codings);
    }
}
