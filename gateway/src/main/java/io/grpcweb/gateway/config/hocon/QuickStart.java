package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.GatewayConfig;
import java.util.List;
import java.util.Optional;

/** The configuration of a gateway that is started with a few options of the command line instead of a file. */
public final class QuickStart {
    private QuickStart() {}

    /**
     * One listener in front of one cluster of gRPC backends, for clients of gRPC-Web and Connect.
     *
     * @param origins pages that may call; {@code *} allows every origin, none closes the gateway to other origins
     * @param admin where the admin pages are, if they are wanted
     * @param filters the kinds of filters that exist
     */
    public static GatewayConfig of(
            Endpoint listen,
            List<Endpoint> backends,
            List<String> origins,
            Optional<Endpoint> admin,
            FilterFormats filters)
            throws ConfigException {
        Tree listener = new Tree().put("listen", listen).put("connect", true);
        if (!origins.isEmpty()) {
            listener.put("cors", new Tree().put("origins", origins).put("expose-sent", true));
        }
        Tree root = new Tree()
                .put("listeners", new Tree().put("main", listener))
                .put("clusters", new Tree().put("backend", new Tree().put("endpoints", backends)));
        admin.ifPresent(address -> root.put("admin", new Tree().put("listen", address)));
        return GatewayConf.parse(HoconText.of(root), "command line", filters);
    }
}
