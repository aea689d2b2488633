package io.grpcweb.gateway.filter.compressor;

import io.grpcweb.gateway.filter.coding.CodingKind;
import io.grpcweb.gateway.stats.Stat.Label;
import io.grpcweb.gateway.stats.StatGroup;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/** What the filter counts for one coding: {@code http.<stat_prefix>.compressor.<library>.<coding>.*}. */
final class CompressorStats extends StatGroup {
    final Way request;
    final Way response;
    final LongAdder noAcceptHeader = counter("no_accept_header");
    final LongAdder headerIdentity = counter("header_identity");
    final LongAdder headerCompressorUsed = counter("header_compressor_used");
    final LongAdder headerCompressorOvershadowed = counter("header_compressor_overshadowed");
    final LongAdder headerWildcard = counter("header_wildcard");
    final LongAdder headerNotValid = counter("header_not_valid");
    final LongAdder notCompressedEtag = counter("not_compressed_etag");

    private CompressorStats(String http, String path, boolean older) {
        super(
                "http." + http + "." + path,
                "envoy_http_" + path.replaceAll("[^A-Za-z0-9_]", "_"),
                List.of(new Label("envoy_http_conn_manager_prefix", http)));
        request = new Way("request.");
        response = new Way(older ? "" : "response.");
    }

    static CompressorStats of(String http, String library, CodingKind kind, boolean older) {
        String path = "compressor."
                + (library.isEmpty() ? "" : library + ".")
                + kind.name().toLowerCase(Locale.ROOT);
        return new CompressorStats(http, path, older);
    }

    /** One direction. */
    final class Way {
        final LongAdder compressed;
        final LongAdder notCompressed;
        final LongAdder uncompressedBytes;
        final LongAdder compressedBytes;
        final LongAdder tooShort;

        private Way(String prefix) {
            compressed = counter(prefix + "compressed");
            notCompressed = counter(prefix + "not_compressed");
            uncompressedBytes = counter(prefix + "total_uncompressed_bytes");
            compressedBytes = counter(prefix + "total_compressed_bytes");
            tooShort = counter(prefix + "content_length_too_small");
        }
    }
}
