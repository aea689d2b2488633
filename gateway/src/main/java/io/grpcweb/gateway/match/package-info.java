/**
 * Conditions on a request: how they stand in both formats, and whether one holds. They are three-valued, since a value may be too
 * long to be looked at: what guards decides what that means.
 */
package io.grpcweb.gateway.match;
