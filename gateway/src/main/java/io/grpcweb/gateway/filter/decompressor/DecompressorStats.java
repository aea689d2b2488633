package io.grpcweb.gateway.filter.decompressor;

import io.grpcweb.gateway.filter.coding.CodingKind;
import io.grpcweb.gateway.stats.Stat.Label;
import io.grpcweb.gateway.stats.StatGroup;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/** What the filter counts for one coding: {@code http.<stat_prefix>.decompressor.<library>.<coding>.*}. */
final class DecompressorStats extends StatGroup {
    final Way request = new Way("request.");
    final Way response = new Way("response.");

    private DecompressorStats(String http, String path) {
        super(
                "http." + http + "." + path,
                "envoy_http_" + path.replaceAll("[^A-Za-z0-9_]", "_"),
                List.of(new Label("envoy_http_conn_manager_prefix", http)));
    }

    static DecompressorStats of(String http, String library, CodingKind kind) {
        return new DecompressorStats(
                http,
                "decompressor."
                        + (library.isEmpty() ? "" : library + ".")
                        + kind.name().toLowerCase(Locale.ROOT));
    }

    /** One direction. */
    final class Way {
        final LongAdder decompressed;
        final LongAdder notDecompressed;
        final LongAdder uncompressedBytes;
        final LongAdder compressedBytes;

        private Way(String prefix) {
            decompressed = counter(prefix + "decompressed");
            notDecompressed = counter(prefix + "not_decompressed");
            uncompressedBytes = counter(prefix + "total_uncompressed_bytes");
            compressedBytes = counter(prefix + "total_compressed_bytes");
        }
    }
}
