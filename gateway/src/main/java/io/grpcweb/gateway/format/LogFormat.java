package io.grpcweb.gateway.format;

import io.grpcweb.gateway.config.AccessLogConfig.Format;
import io.grpcweb.gateway.http.StreamInfo;

/** How a line of an access log is written; compiled once, used on any thread. */
public interface LogFormat {
    /** Envoy's. */
    String DEFAULT = "[%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\" "
            + "%RESPONSE_CODE% %RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% %DURATION% "
            + "%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% \"%REQ(X-FORWARDED-FOR)%\" \"%REQ(USER-AGENT)%\" "
            + "\"%REQ(X-REQUEST-ID)%\" \"%REQ(:AUTHORITY)%\" \"%UPSTREAM_HOST%\"\n";

    /** Appends the line, with its line break. */
    void write(StreamInfo info, LineBuffer out);

    /** Throws {@link BadFormat} where the configuration cannot be used. */
    static LogFormat of(Format format) {
        if (format instanceof Format.Text text) {
            return new TextFormat(text.format(), text.omitEmpty());
        }
        if (format instanceof Format.Json json) {
            return new JsonFormat(json.fields(), json.omitEmpty());
        }
        return format instanceof Format.Own ? new JsonFormat(OwnFields.all(), true) : new TextFormat(DEFAULT, false);
    }

    /**
     * A number as a piece of a line.
     *
     * @param lead stands before it, where there is one
     * @param missing stands in its place where there is none
     */
    static LogFormat number(byte[] lead, Operator.Count operator, byte[] missing) {
        return (info, out) -> {
            long number = operator.of(info);
            if (number == Operator.Count.NONE) {
                out.literal(missing);
            } else {
                out.literal(lead);
                out.number(number);
            }
        };
    }
}
