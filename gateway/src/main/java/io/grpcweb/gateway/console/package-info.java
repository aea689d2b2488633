/**
 * The console of the admin listener: a page that shows the services of clusters, and calls their methods over the clusters' own
 * connections, without a route. Nothing of it is loaded before somebody opens the page. It runs on the thread of the admin pages; the
 * calls themselves run on an event loop of the gateway.
 */
package io.grpcweb.gateway.console;
