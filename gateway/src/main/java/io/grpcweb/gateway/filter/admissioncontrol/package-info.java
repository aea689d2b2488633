/** The filter {@code admission-control}: refuses a share of the calls while too many of them fail. */
package io.grpcweb.gateway.filter.admissioncontrol;
