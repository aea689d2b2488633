package io.grpcweb.gateway.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.config.Endpoint;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class PassedSocketsTest {
    private static PassedSocket inet(int descriptor, String host, int port) {
        return new PassedSocket(descriptor, new InetSocketAddress(host, port));
    }

    private static Endpoint endpoint(String text) {
        return Endpoint.parse(text).orElseThrow();
    }

    @Test
    void aListenerTakesTheSocketWithItsAddressOnce() {
        PassedSockets sockets = PassedSockets.of(List.of(
                inet(3, "127.0.0.1", 80),
                inet(4, "127.0.0.2", 80),
                new PassedSocket(5, new DomainSocketAddress("/run/a.sock"))));

        assertThat(sockets.take(endpoint("127.0.0.3:80"))).isEmpty();
        assertThat(sockets.take(endpoint("127.0.0.2:81"))).isEmpty();
        assertThat(sockets.has(endpoint("127.0.0.2:80"))).isTrue();
        assertThat(sockets.take(endpoint("127.0.0.2:80"))).hasValue(4);
        assertThat(sockets.take(endpoint("127.0.0.2:80"))).isEmpty();
        assertThat(sockets.take(endpoint("unix:/run/a.sock"))).hasValue(5);
        assertThat(sockets.left()).containsExactly(new InetSocketAddress(InetAddress.getLoopbackAddress(), 80));
    }

    @Test
    void allAddressesOfOneFamilyAreThoseOfTheOther() {
        PassedSockets sockets = PassedSockets.of(List.of(inet(3, "::", 8080), inet(4, "0.0.0.0", 8080)));

        assertThat(sockets.take(endpoint("0.0.0.0:8080"))).hasValue(4);
        assertThat(sockets.take(endpoint("0.0.0.0:8080"))).hasValue(3);
    }

    @Test
    void aPortThatTheSystemChoosesTakesNone() {
        assertThat(PassedSockets.of(List.of(inet(3, "127.0.0.1", 0))).take(endpoint("127.0.0.1:0")))
                .isEmpty();
    }

    @Test
    void whatListensIsToldByItsDescriptor(@TempDir Path folder) throws Exception {
        Socket inet = Socket.newSocketStream();
        Socket unix = Socket.newSocketDomain();
        try {
            inet.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            assertThatThrownBy(() -> PassedSocket.of(inet.intValue()))
                    .isInstanceOf(IOException.class)
                    .hasMessage("descriptor " + inet.intValue() + " is not a stream socket that listens");
            inet.listen(1);
            assertThat(PassedSocket.of(inet.intValue()).address()).isEqualTo(inet.localAddress());

            String path = folder.resolve("a").toString();
            unix.bind(new DomainSocketAddress(path));
            unix.listen(1);
            assertThat(PassedSocket.of(unix.intValue()).address()).isEqualTo(new DomainSocketAddress(path));
        } finally {
            inet.close();
            unix.close();
        }
    }

    @Test
    void socketsForAnotherProcessAreLeft() throws Exception {
        assertThat(SocketActivation.sockets(Map.of("LISTEN_FDS", "1", "LISTEN_PID", "5"), 6)
                        .left())
                .isEmpty();
        assertThat(SocketActivation.sockets(Map.of(), 6).left()).isEmpty();
    }

    @Test
    void whatIsNoNumberIsAnError() {
        assertThatThrownBy(() -> SocketActivation.sockets(Map.of("LISTEN_FDS", "-1", "LISTEN_PID", "6"), 6))
                .hasMessage("LISTEN_FDS: '-1' is not a number of descriptors");
    }
}
