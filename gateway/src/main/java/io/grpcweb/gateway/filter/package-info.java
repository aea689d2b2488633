/** What filters share: the base of those that wait before a request may go on. */
package io.grpcweb.gateway.filter;
