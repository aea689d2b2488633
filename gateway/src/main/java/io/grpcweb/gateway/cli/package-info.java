/** The command line: options, subcommands, and where a configuration comes from. */
package io.grpcweb.gateway.cli;
