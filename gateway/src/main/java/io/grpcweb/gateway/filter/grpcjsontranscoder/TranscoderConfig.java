package io.grpcweb.gateway.filter.grpcjsontranscoder;

import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.schema.Described;
import io.grpcweb.gateway.schema.DescriptorSource;
import io.grpcweb.gateway.schema.JsonStyle;
import io.grpcweb.gateway.schema.ProtoSchema;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which services are called with JSON, and how.
 *
 * @param descriptors where the descriptors of the services come from; absent where the filter is off
 * @param schema what was read there; absent where it is not, or where that failed and was reported
 * @param reflection the cluster that is asked for the descriptors instead; absent for none
 * @param services full names; none means that the filter is off, or with reflection all that there are
 * @param style how messages are written
 * @param streams how a stream of messages is written
 * @param methods which paths lead to which methods
 * @param query what parameters of a query mean
 * @param errors what is refused, and how a failed call is told
 * @param keepsRoute whether the route of the request as it came is kept; else one is chosen anew by the path of the method
 * @param anyCaseEnums whether the names of enum values may be in small letters
 * @param mostRequest bytes of a request, or of one message of a stream
 * @param mostResponse bytes of a message of a response
 */
public record TranscoderConfig(
        String name,
        Optional<DescriptorSource> descriptors,
        Optional<ProtoSchema> schema,
        Optional<String> reflection,
        List<String> services,
        JsonStyle style,
        StreamForm streams,
        Methods methods,
        Query query,
        Errors errors,
        boolean keepsRoute,
        boolean anyCaseEnums,
        int mostRequest,
        int mostResponse)
        implements FilterConfig, Described {

    public TranscoderConfig {
        services = List.copyOf(services);
    }

    /** How a stream of messages stands in a body. */
    public enum StreamForm {
        /** A JSON array. */
        ARRAY,
        /** Each message on a line of its own. */
        LINES,
        /** Server-sent events (HTML, section 9.2). */
        EVENTS
    }

    /** Which escapes of a path stay as they are in a variable of more than one part. */
    public enum Escapes {
        ALL_BUT_RESERVED,
        ALL_BUT_SLASH,
        ALL
    }

    /**
     * Which paths lead to which methods.
     *
     * @param ownPaths whether a method without a rule is called by {@code POST /package.Service/Method}
     * @param anyVerb whether what stands behind the last colon is a verb also where no rule has it
     * @param unescaped which characters are unescaped in variables of more than one part
     */
    public record Methods(boolean ownPaths, boolean anyVerb, Escapes unescaped) {}

    /**
     * What parameters of a query mean.
     *
     * @param ignored names that are left out
     * @param ignoreUnknown whether those that are no fields are left out; else the request is none of this filter's business
     * @param captureUnknown whether those are handed over in {@code google.api.HttpBody}
     * @param plusIsBlank whether a plus stands for a blank
     */
    public record Query(List<String> ignored, boolean ignoreUnknown, boolean captureUnknown, boolean plusIsBlank) {
        public Query {
            ignored = List.copyOf(ignored);
        }
    }

    /**
     * What is refused, and how a failed call is told.
     *
     * @param asJson whether the status of a call that failed without a message becomes the body
     * @param unknownMethod whether a path that leads to no method is refused; else the request passes as it is
     * @param unknownParameter whether a parameter that is no field is refused
     * @param collisions whether a field that has another value in the body than in path or query is refused
     */
    public record Errors(boolean asJson, boolean unknownMethod, boolean unknownParameter, boolean collisions) {}

    boolean isOff() {
        return reflection.isEmpty() && (services.isEmpty() || schema.isEmpty());
    }

    @Override
    public Set<String> clusters() {
        return reflection.map(Set::of).orElse(Set.of());
    }

    @Override
    public Optional<ProtoSchema> described() {
        return schema;
    }
}
