/** A folder of files as the answer to a route: a page from the same origin as the calls it makes. */
package io.grpcweb.gateway.files;
