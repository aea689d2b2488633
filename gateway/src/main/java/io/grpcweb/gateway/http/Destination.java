package io.grpcweb.gateway.http;

/**
 * The endpoint that a call should go to, as a filter before the router says it.
 *
 * @param address as the pages name endpoints, such as {@code 10.0.0.1:80}, {@code [::1]:80} or the path of a socket file
 * @param strict whether the call fails where that endpoint takes no calls; else the load balancer chooses another one
 * @param status of the response where it fails
 */
public record Destination(String address, boolean strict, int status) {}
