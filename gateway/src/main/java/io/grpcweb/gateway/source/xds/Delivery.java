package io.grpcweb.gateway.source.xds;

import io.grpcweb.gateway.config.Resource;
import java.util.List;
import java.util.Set;

/**
 * What an answer brings, however it came.
 *
 * @param version of the whole
 * @param resources in the order of the answer
 * @param removed names that are there no longer
 * @param whole whether what is not named in it is gone, for kinds that are asked for as a whole
 */
record Delivery(String version, List<Resource> resources, Set<String> removed, boolean whole) {}
