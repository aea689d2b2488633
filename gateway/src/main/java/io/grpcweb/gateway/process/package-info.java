/** What the process has from its surroundings: sockets from systemd or from the process before it, and who is told of its states. */
package io.grpcweb.gateway.process;
