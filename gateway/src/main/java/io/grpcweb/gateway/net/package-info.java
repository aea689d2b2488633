/** What both sides share of the network: sockets, TLS files, HTTP/1.1 and HTTP/2 as Netty speaks them, and their clocks. */
package io.grpcweb.gateway.net;
