/** What the process runs short of, and what is done about it. */
package io.grpcweb.gateway.overload;
