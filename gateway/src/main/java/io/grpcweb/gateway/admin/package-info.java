/**
 * The admin listener and its pages, as an operator of Envoy knows them. A request is turned into an {@link
 * io.grpcweb.gateway.admin.AdminRequest}, its path names a page in the {@link io.grpcweb.gateway.admin.PageTable}, and the
 * page's {@link io.grpcweb.gateway.admin.AdminResponse} is written back. The pages read snapshots and pull levers; they
 * never see the data path.
 */
package io.grpcweb.gateway.admin;
