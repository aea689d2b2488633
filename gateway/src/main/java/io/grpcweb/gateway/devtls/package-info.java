/** TLS for a gateway on the machine of a developer, with a certificate that is made once and kept. */
package io.grpcweb.gateway.devtls;
