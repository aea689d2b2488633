/**
 * What a filter is: a kind that reads its settings and makes its factory. Each filter has a package of its own below this
 * one, and a line in the list of kinds.
 */
package io.grpcweb.gateway.filter;
