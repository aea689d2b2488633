package io.grpcweb.gateway.filter.decompressor;

import io.grpcweb.gateway.filter.coding.CodingKind;
import io.grpcweb.gateway.filter.coding.Decoders;

/** One coding of the filter, and what is counted of it. */
record Method(CodingKind kind, Decoders decoders, DecompressorStats stats) {}
