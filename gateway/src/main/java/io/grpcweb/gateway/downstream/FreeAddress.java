package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.config.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Looks whether an address can be listened on long before that is done. */
public final class FreeAddress {
    private FreeAddress() {}

    /**
     * Takes the address and gives it back, without listening on it: whoever connects is refused as before. The path of a socket
     * file is not looked at.
     *
     * @throws IOException says why it cannot be listened on
     */
    public static void require(Endpoint address) throws IOException {
        if (address.isPipe() || address.port() == 0) {
            return;
        }
        try (Socket socket = new Socket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address.host(), address.port()));
        } catch (IOException e) {
            throw new IOException("cannot listen on " + address + ": " + e.getMessage(), e);
        }
    }
}
