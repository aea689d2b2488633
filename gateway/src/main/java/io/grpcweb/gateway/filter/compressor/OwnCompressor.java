package io.grpcweb.gateway.filter.compressor;

import io.grpcweb.gateway.config.StringMatch;
import io.grpcweb.gateway.config.hocon.Fields;
import io.grpcweb.gateway.config.hocon.MatchFormat;
import io.grpcweb.gateway.filter.coding.Coding;
import io.grpcweb.gateway.filter.coding.OwnCodings;
import io.grpcweb.gateway.filter.compressor.CompressorConfig.Direction;
import io.grpcweb.gateway.filter.compressor.CompressorConfig.Etags;
import io.grpcweb.gateway.filter.compressor.CompressorConfig.Overrides;
import io.grpcweb.gateway.filter.compressor.CompressorConfig.Responses;
import java.util.ArrayList;
import java.util.List;

/** The filter in the gateway's own format. */
final class OwnCompressor {
    private static final int PARTIAL_CONTENT = 206;

    private OwnCompressor() {}

    /** Responses with a type that is worth it, the text forms of gRPC-Web among them, in gzip. */
    static CompressorConfig usual(String name) {
        return new CompressorConfig(
                name,
                name,
                List.of(Coding.Gzip.USUAL),
                new Direction(true, EnvoyCompressor.LEAST_BYTES, types()),
                new Responses(Etags.WEAKEN, false, List.of(PARTIAL_CONTENT), false, false, true, false),
                new Direction(false, EnvoyCompressor.LEAST_BYTES, types()),
                false,
                Overrides.NONE);
    }

    private static List<StringMatch> types() {
        List<StringMatch> types = new ArrayList<>(ContentTypes.USUAL);
        types.add(new StringMatch.Prefix("application/grpc-web", false));
        return types;
    }

    static CompressorConfig fields(Fields own, CompressorConfig given) {
        Responses rules = given.responses();
        return new CompressorConfig(
                given.name(),
                own.text("stat-prefix", given.library()),
                OwnCodings.encoders(own, given.codings()),
                direction(own, given.response()),
                new Responses(
                        own.choice("etags", rules.etags()),
                        own.flag("hide-accepted", rules.hideAccepted()),
                        own.integers("except-statuses", rules.exceptStatuses()),
                        own.flag("tell-status", rules.tellStatus()),
                        own.flag("first", rules.first()),
                        own.flag("own-order", rules.ownOrder()),
                        own.flag("coded-messages", rules.codedMessages())),
                own.section("requests", given.request(), OwnCompressor::direction),
                own.flag("older-counters", given.older()),
                Overrides.NONE);
    }

    private static Direction direction(Fields own, Direction given) {
        return new Direction(
                own.flag("enabled", given.enabled()),
                own.whole("least-bytes", given.leastBytes()),
                MatchFormat.texts(own, "types", given.types()));
    }
}
