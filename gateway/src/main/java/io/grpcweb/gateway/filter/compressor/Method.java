package io.grpcweb.gateway.filter.compressor;

import io.grpcweb.gateway.filter.coding.Encoders;
import io.netty.util.AsciiString;

/** One coding of the filter, and what is counted of it. */
record Method(AsciiString token, Encoders encoders, CompressorStats stats) {}
