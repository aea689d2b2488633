package io.grpcweb.gateway.filter.extauthz;

import io.grpcweb.gateway.http.SideCall;
import java.util.function.Consumer;

/** Puts questions to a service. */
interface Authority {

    /**
     * Begins to ask, on the event loop of the exchange.
     *
     * @param decided is told once, perhaps before this method returns, and not at all after {@link SideCall#cancel}
     */
    SideCall ask(Question question, Consumer<Decision> decided);
}
