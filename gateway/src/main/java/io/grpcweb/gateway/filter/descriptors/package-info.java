/** What filters of rate limits count: the descriptors that the rate limits of routes and virtual hosts make of a request. */
package io.grpcweb.gateway.filter.descriptors;
