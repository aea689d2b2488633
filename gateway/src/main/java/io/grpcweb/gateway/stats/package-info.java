/**
 * The numbers that an operator reads: counters, gauges and histograms under Envoy's names, grouped as Envoy groups them.
 * The data path gets a group at wiring time and increments its fields; nothing is looked up or formatted per call.
 */
package io.grpcweb.gateway.stats;
