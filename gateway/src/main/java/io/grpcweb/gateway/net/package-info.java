/** What both sides share of the network: the transport and the files of TLS. */
package io.grpcweb.gateway.net;
