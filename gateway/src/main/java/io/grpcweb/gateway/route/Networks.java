package io.grpcweb.gateway.route;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;

/** Some networks, such as {@code 10.0.0.0/8}. */
final class Networks {
    private final IpSubnetFilterRule[] all;

    Networks(List<String> networks) {
        this.all = networks.stream().map(Networks::rule).toArray(IpSubnetFilterRule[]::new);
    }

    private static IpSubnetFilterRule rule(String network) {
        int slash = network.indexOf('/');
        return new IpSubnetFilterRule(
                network.substring(0, slash), Integer.parseInt(network.substring(slash + 1)), IpFilterRuleType.ACCEPT);
    }

    boolean isEmpty() {
        return all.length == 0;
    }

    /** Whether it is an IP address in one of them. */
    boolean contains(SocketAddress address) {
        if (address instanceof InetSocketAddress inet) {
            for (IpSubnetFilterRule rule : all) {
                if (rule.matches(inet)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The same for an address in digits; what is none is nowhere. */
    boolean contains(String address) {
        InetAddress ip = all.length == 0 ? null : NetUtil.createInetAddressFromIpAddressString(address);
        return ip != null && contains(new InetSocketAddress(ip, 0));
    }
}
