package io.grpcweb.gateway.filter.grpcjsontranscoder;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.grpcweb.gateway.schema.RpcMethod;
import java.util.List;

/**
 * How a method is called over HTTP.
 *
 * @param variables the fields that stand in the path
 * @param body where the body of a request goes: fields from the outermost to the innermost; empty for the whole message
 * @param bodyIsRaw whether that is a {@code google.api.HttpBody}, which takes bytes of any kind
 * @param responseBody the same of a response
 */
record Rule(
        RpcMethod method,
        List<BoundVariable> variables,
        List<FieldDescriptor> body,
        boolean bodyIsRaw,
        List<FieldDescriptor> responseBody,
        boolean responseIsRaw) {

    /** A variable of the path and its field. */
    record BoundVariable(PathTemplate.Variable variable, List<FieldDescriptor> field) {}
}
