package io.grpcweb.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;

/** Reads the response to a unary gRPC call: its status, and the one message that belongs to status 0. */
final class UnaryAnswer implements SideObserver {
    private final UnaryCalls.Observer observer;

    UnaryAnswer(UnaryCalls.Observer observer) {
        this.observer = observer;
    }

    @Override
    public void answered(SideAnswer answer) {
        Http2Headers last = answer.trailers() == null ? answer.head() : answer.trailers();
        CharSequence status = last.get(GrpcHeaders.STATUS);
        if (status == null) {
            observer.failed(
                    answer.status() == 200 ? GrpcStatus.UNKNOWN : GrpcStatus.fromHttp(answer.status()),
                    "no grpc-status, HTTP status " + answer.status());
            return;
        }
        int code = GrpcStatus.parse(status);
        if (code != 0) {
            CharSequence message = last.get(GrpcHeaders.MESSAGE);
            observer.failed(GrpcStatus.of(code), message == null ? "" : PercentEncoding.decode(message));
            return;
        }
        message(answer.body());
    }

    private void message(ByteBuf body) {
        if (body.readableBytes() < FrameScanner.PREFIX) {
            observer.failed(GrpcStatus.INTERNAL, "status 0 without a message");
            return;
        }
        int flags = body.readUnsignedByte();
        long length = body.readUnsignedInt();
        if (flags != 0) {
            observer.failed(GrpcStatus.INTERNAL, "a message with flags " + flags + ", no encoding was offered");
        } else if (length != body.readableBytes()) {
            observer.failed(
                    GrpcStatus.INTERNAL, "message is " + length + " bytes, " + body.readableBytes() + " bytes came");
        } else {
            observer.answered(body);
        }
    }

    @Override
    public void failed(SideFailure failure, String reason) {
        observer.failed(failure.grpcStatus(), reason);
    }

    @Override
    public void broken(Throwable fault) {
        observer.broken(fault);
    }
}
