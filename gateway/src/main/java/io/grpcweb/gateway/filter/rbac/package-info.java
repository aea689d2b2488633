/** The filter {@code rbac}: who may call what, by rules of the configuration. */
package io.grpcweb.gateway.filter.rbac;
