/**
 * What a filter is: a kind that reads its settings and makes its factory, and the base of those that wait before a request may
 * go on. Each filter has a package of its own below this one, and a line in the list of kinds.
 */
package io.grpcweb.gateway.filter;
