package io.grpcweb.gateway.upstream.host;

import java.util.List;

/** The choice among endpoints that are all eligible: what tells one balancing policy from another. */
interface Picker {

    /** One of them, or null where there is none. */
    Host pick();

    /** Makes a picker for some endpoints; asked again whenever they change. */
    interface Factory {
        Picker over(List<Host> hosts);
    }
}
