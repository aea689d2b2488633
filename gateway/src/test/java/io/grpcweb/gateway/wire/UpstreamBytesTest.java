package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.BrowserCall;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.RawBackend;
import io.grpcweb.gateway.testing.Subject;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What access logs say of the bytes that went to a backend and came from it. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record UpstreamBytesTest(Subject subject) {
    private static final String BYTES = "%UPSTREAM_WIRE_BYTES_SENT% %UPSTREAM_HEADER_BYTES_SENT%"
            + " %UPSTREAM_WIRE_BYTES_RECEIVED% %UPSTREAM_HEADER_BYTES_RECEIVED%";

    private static final int HEADERS = 1;
    private static final int CONTINUATION = 9;

    @TempDir
    private static Path folder;

    private static String line(Path log) throws IOException {
        await().until(() -> Files.readString(log).endsWith("\n"));
        return Files.readString(log).strip();
    }

    private String afterPost(String answer, AtomicLong head, AtomicLong fields) throws Exception {
        Path log = Files.createTempFile(folder, "access", ".log");
        try (Http1Backend backend = new Http1Backend(request -> {
                    head.set(request.line().length() + 2 + request.head().length());
                    fields.set(request.head().length() - 2);
                    return answer;
                });
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("MANAGER", "access_log:\n" + EnvoyFile.fileLog(log, BYTES)));
                Http1Browser browser = new Http1Browser(gateway.port())) {
            browser.raw("POST /a HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nhello");
            assertThat(browser.next().readHead()).isTrue();
            return line(log);
        }
    }

    @Test
    void ofHttp1AreMessagesWithTheirFraming() throws Exception {
        AtomicLong head = new AtomicLong();
        AtomicLong fields = new AtomicLong();
        // A head of 38 bytes, of which the field is 18 without its space.
        String sized = afterPost("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok", head, fields);
        assertThat(sized).isEqualTo(head.get() + 5 + " " + fields + " 40 18");
        // A head of 47 bytes, of which the field is 27 without its space, a chunk of 7, the last one of 5.
        String chunked =
                afterPost("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", head, fields);
        assertThat(chunked).isEqualTo(head.get() + 5 + " " + fields + " 59 27");
    }

    @Test
    void ofHttp2AreTheFramesOfTheStream() throws Exception {
        Path log = Files.createTempFile(folder, "access", ".log");
        AtomicLong all = new AtomicLong();
        AtomicLong heads = new AtomicLong();
        try (RawBackend backend = new RawBackend(socket -> answer(socket, all, heads));
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .with("MANAGER", "access_log:\n" + EnvoyFile.fileLog(log, BYTES)));
                Browser browser = new Http1Browser(gateway.port())) {
            BrowserCall call = browser.call("/a.B/C");
            call.send(Frames.F2);
            call.end();
            assertThat(call.answer().status()).isEqualTo(200);
            assertThat(line(log)).isEqualTo(all + " " + heads + " 67 53");
        }
    }

    /** Counts the frames of a request, and answers it with frames of 29, 14 and 24 bytes. */
    private static void answer(Socket socket, AtomicLong all, AtomicLong heads) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        in.readNBytes(24);
        socket.getOutputStream().write(Frames.hex("000000 04 00 00000000"));
        try {
            while (true) {
                int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
                int type = in.readUnsignedByte();
                int flags = in.readUnsignedByte();
                int stream = in.readInt();
                in.readNBytes(length);
                if (stream == 0) {
                    continue;
                }
                all.addAndGet(9L + length);
                heads.addAndGet(type == HEADERS || type == CONTINUATION ? 9L + length : 0);
                if (type <= HEADERS && (flags & 1) != 0) {
                    String id = "%08x".formatted(stream);
                    socket.getOutputStream()
                            .write(Frames.concat(
                                    // :status: 200, content-type: application/grpc
                                    Frames.hex("000014 01 04" + id + "88 0f10 10 6170706c69636174696f6e2f67727063"),
                                    Frames.hex("000005 00 00" + id),
                                    Frames.F0,
                                    // grpc-status: 0
                                    Frames.hex("00000f 01 05" + id + "00 0b 677270632d737461747573 01 30")));
                }
            }
        } catch (EOFException e) {
            // The connection is over.
        }
    }

    @Test
    void areNoneWhereNoBackendWasAsked() throws Exception {
        Path log = Files.createTempFile(folder, "access", ".log");
        try (Subject.Running gateway = subject.start(new EnvoyFile(1)
                        .with("MANAGER", "access_log:\n" + EnvoyFile.fileLog(log, BYTES))
                        .with("ROUTES", """
                                - match: { prefix: / }
                                  direct_response: { status: 200, body: { inline_string: ok } }
                                """));
                Http1Browser browser = new Http1Browser(gateway.port())) {
            browser.ask("GET", "/");
            assertThat(line(log)).isEqualTo("0 0 0 0");
        }
    }
}
