/**
 * The interoperability tests of gRPC (grpc/doc/interop-test-descriptions.md, grpc-web/doc/interop-test-descriptions.md), run through a
 * gateway in this process, with a backend that is part of it: whether an installation does what it should.
 */
package io.grpcweb.gateway.selftest;
