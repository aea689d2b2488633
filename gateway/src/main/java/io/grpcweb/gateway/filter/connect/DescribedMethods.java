package io.grpcweb.gateway.filter.connect;

import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.schema.ProtoSchema;
import io.grpcweb.gateway.schema.RpcMethod;

/** The methods of compiled proto files. */
final class DescribedMethods implements Methods {
    private final ProtoSchema schema;
    private final MessageCodec codec;

    DescribedMethods(ProtoSchema schema) {
        this.schema = schema;
        this.codec = new MessageCodec(schema);
    }

    @Override
    public void find(Exchange exchange, String path, Observer observer) {
        RpcMethod method = schema.method(path);
        if (method == null) {
            observer.unknown();
        } else {
            observer.found(new Method(method, codec));
        }
    }

    @Override
    public RpcMethod known(String path) {
        return schema.method(path);
    }
}
