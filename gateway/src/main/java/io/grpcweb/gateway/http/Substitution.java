package io.grpcweb.gateway.http;

import io.grpcweb.gateway.config.AccessLogConfig;
import java.util.function.Predicate;

/** A text of the configuration in which {@code %COMMAND%} operators are replaced by facts of an exchange. */
@FunctionalInterface
public interface Substitution {

    /** The text with the facts of this moment; a fact that is not known is left out. */
    String of(StreamInfo info);

    /** Makes substitutions of what the configuration says, once, when the gateway is put together. */
    interface Compiler {

        /** The value of a header field: each character stands for a byte, and none ends a line. */
        Substitution field(String format);

        /** The body of a response. */
        Substitution body(AccessLogConfig.Format format);

        /** A condition on exchanges. */
        Predicate<StreamInfo> condition(AccessLogConfig.Filter filter);
    }
}
