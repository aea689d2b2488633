/** What a call would meet, and which line or resource says so; for the command line and the admin pages. */
package io.grpcweb.gateway.explain;
