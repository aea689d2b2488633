/** Looks at what a configuration needs from outside, before it serves: backends, names, ports, and what pages are allowed. */
package io.grpcweb.gateway.check;
