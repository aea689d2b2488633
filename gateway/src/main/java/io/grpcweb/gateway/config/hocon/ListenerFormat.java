package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.Addresses;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.TlsConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Listeners in the gateway's own format. */
final class ListenerFormat {
    private static final Endpoint DEFAULT_ADDRESS = new Endpoint("127.0.0.1", 8080);

    private final HttpFormat http;

    ListenerFormat(HttpFormat http) {
        this.http = http;
    }

    ListenerConfig read(String name, Section listener) {
        List<ListenerConfig.FilterChain> chains = new ArrayList<>();
        if (listener.has("chains")) {
            for (Section chain : listener.sections("chains")) {
                chains.add(chain(chain, name));
            }
        } else {
            chains.add(chain(listener, name));
        }
        Endpoint address = listener.endpoint("listen").orElse(DEFAULT_ADDRESS);
        if (!address.isPipe()
                && !Addresses.isIp(address.host())
                && !address.host().equals("localhost")) {
            listener.error("listen", "'" + address.host() + "' is no IP address: write such as 127.0.0.1 or 0.0.0.0");
        }
        return new ListenerConfig(
                name,
                address,
                chains,
                listener.flag("proxy-protocol", false),
                listener.integer("connection-limit"),
                listener.bytes("buffer", ListenerConfig.DEFAULT_BUFFER_BYTES),
                listener.text("listener-stat-prefix"),
                listener.flag("inbound", false));
    }

    private ListenerConfig.FilterChain chain(Section chain, String name) {
        List<String> serverNames = chain.texts("server-names");
        Optional<TlsConfig.Downstream> tls = TlsFormat.downstream(chain);
        return new ListenerConfig.FilterChain(serverNames, tls, http.read(chain, name), chain.text("chain-name", ""));
    }

    Tree write(ListenerConfig listener) {
        Tree tree = new Tree()
                .put("listen", listener.address())
                .put("proxy-protocol", listener.proxyProtocol(), false)
                .put("connection-limit", listener.connectionLimit())
                .put("buffer", listener.bufferBytes(), ListenerConfig.DEFAULT_BUFFER_BYTES)
                .put("listener-stat-prefix", listener.statPrefix())
                .put("inbound", listener.inbound(), false);
        if (listener.chains().size() == 1) {
            write(tree, listener.chains().get(0), listener.name());
        } else {
            List<Tree> chains = new ArrayList<>();
            for (ListenerConfig.FilterChain chain : listener.chains()) {
                Tree one = new Tree();
                write(one, chain, listener.name());
                chains.add(one);
            }
            tree.put("chains", chains);
        }
        return tree;
    }

    private void write(Tree tree, ListenerConfig.FilterChain chain, String name) {
        tree.list("server-names", chain.serverNames()).put("chain-name", chain.name(), "");
        chain.tls().ifPresent(tls -> TlsFormat.write(tree, tls));
        http.write(tree, chain.http(), name);
    }
}
