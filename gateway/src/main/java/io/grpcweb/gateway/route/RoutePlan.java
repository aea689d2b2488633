package io.grpcweb.gateway.route;

import io.grpcweb.gateway.http.HeaderEdits;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.util.List;

/** What is prepared for the exchanges of one route: changes of heads, and the filters that they meet, in order. */
record RoutePlan(HeaderEdits headers, List<HttpFilterFactory> filters) {}
