package io.grpcweb.gateway.config.envoy;

/** A place in a file; the line counts from 1. */
record Mark(String file, int line) {}
