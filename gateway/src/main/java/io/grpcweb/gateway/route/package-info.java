/** Which route a request takes: pure functions over an immutable table. */
package io.grpcweb.gateway.route;
