/** Active health checks and outlier detection. */
package io.grpcweb.gateway.upstream.health;
