package io.grpcweb.gateway.source.xds;

import io.grpcweb.gateway.config.ResourceSource;

/** Asks over HTTP. */
public interface Questions {

    /** Who is told the answer, on the loop; one of the two, once. */
    interface Asker {
        /** @param body of the response */
        void answered(int status, byte[] body);

        void failed(String reason);
    }

    /** Sends a JSON text to a path of the cluster. */
    void ask(ResourceSource.Polled source, String path, byte[] body, Asker asker);
}
