/**
 * Resources from elsewhere at work: each is read, warms beside what it replaces, and is put in force by itself. Everything happens
 * on one thread, that of the sources.
 */
package io.grpcweb.gateway.dynamic;
