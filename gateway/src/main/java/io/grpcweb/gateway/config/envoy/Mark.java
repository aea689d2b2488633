package io.grpcweb.gateway.config.envoy;

/** A place in a file; the line counts from 1, and is 0 where there are none: in a resource that came in bytes. */
record Mark(String file, int line) {}
