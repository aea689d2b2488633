package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.http.FrameScanner;
import io.grpcweb.gateway.http.StreamInfo;
import io.netty.buffer.ByteBuf;

/** Counts the messages of a native gRPC call, whose bodies no filter looks into. */
final class NativeMessages {
    private final StreamInfo info;
    private final FrameScanner request = new FrameScanner();
    private final FrameScanner response = new FrameScanner();

    NativeMessages(StreamInfo info) {
        this.info = info;
    }

    void received(ByteBuf data) {
        request.scan(data);
        info.requestMessages = request.messages();
    }

    void sent(ByteBuf data) {
        response.scan(data);
        info.responseMessages = response.messages();
    }
}
