/**
 * What is known of the services and messages of backends: descriptors of protobuf, methods by their paths, and messages as JSON
 * (the ProtoJSON format of the protobuf documentation). Nothing here knows HTTP, filters or Netty; a gateway whose
 * configuration names no descriptors loads none of it.
 */
package io.grpcweb.gateway.schema;
