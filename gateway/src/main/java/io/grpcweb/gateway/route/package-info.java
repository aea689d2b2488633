/** Chooses the route of a request from an immutable table, and sets up the filters of its exchange. */
package io.grpcweb.gateway.route;
