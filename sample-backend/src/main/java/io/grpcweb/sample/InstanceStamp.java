package io.grpcweb.sample;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/**
 * Writes the name of the instance on every answer, in the headers and in the trailers: a caller that cannot see one of
 * them (a browser sees only the headers that CORS exposes; a trailers-only answer has no headers) sees the other.
 */
final class InstanceStamp implements ServerInterceptor {
    static final Metadata.Key<String> INSTANCE = Metadata.Key.of("x-instance", Metadata.ASCII_STRING_MARSHALLER);

    private final String name;

    InstanceStamp(String name) {
        this.name = name;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata requestHeaders, ServerCallHandler<Q, A> next) {
        return next.startCall(
                new SimpleForwardingServerCall<Q, A>(call) {
                    @Override
                    public void sendHeaders(Metadata headers) {
                        headers.put(INSTANCE, name);
                        super.sendHeaders(headers);
                    }

                    @Override
                    public void close(Status status, Metadata trailers) {
                        trailers.put(INSTANCE, name);
                        super.close(status, trailers);
                    }
                },
                requestHeaders);
    }
}
