package io.grpcweb.gateway.admin;

/** Answers requests for one path, on the admin thread. */
@FunctionalInterface
interface Page {
    AdminResponse answer(AdminRequest request);
}
