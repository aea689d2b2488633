package io.grpcweb.gateway.source.xds;

import io.grpcweb.gateway.config.Resource;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who wants resources; told on the loop of the {@link Sources}. */
public interface Receiver {

    /**
     * Resources have come, or are gone.
     *
     * @param changed those that are new or say something else than before, in the order of the answer
     * @param removed the names of those that are there no longer
     * @param version of the answer
     * @return why resources are refused, by their names; all others are in force
     */
    Map<String, String> changed(List<Resource> changed, Set<String> removed, String version);

    /** Nothing is waited for any longer: the first answer was dealt with, whatever became of it, or its time is over. */
    void settled();
}
