package io.grpcweb.gateway.admin;

/** Answers requests for one path, on the thread of the pages. */
@FunctionalInterface
interface Page {
    AdminResponse answer(AdminRequest request);
}
