package io.grpcweb.gateway.dynamic;

import io.grpcweb.gateway.config.Resource;
import java.time.Instant;

/** A resource that was refused, and why. */
public record Refused(Resource resource, String why, Instant when) {}
