package io.grpcweb.gateway.format;

import io.grpcweb.gateway.http.ResponseFlag;
import io.grpcweb.gateway.http.StreamInfo;
import java.util.EnumSet;
import java.util.function.Function;

/** How response flags are written: separated by commas, or a dash for none. */
public final class FlagNames {
    private FlagNames() {}

    /** By their short names. */
    public static String text(StreamInfo info) {
        return text(info, ResponseFlag::shortName);
    }

    /** As Envoy orders them: of a request, that retries are used up comes before what the last one met. */
    static String text(StreamInfo info, Function<ResponseFlag, String> name) {
        if (!info.hasFlags()) {
            return "-";
        }
        EnumSet<ResponseFlag> flags = info.flags();
        StringBuilder out = new StringBuilder(8);
        if (info.protocol != null && flags.remove(ResponseFlag.UPSTREAM_RETRY_LIMIT)) {
            out.append(name.apply(ResponseFlag.UPSTREAM_RETRY_LIMIT));
        }
        for (ResponseFlag flag : flags) {
            out.append(out.isEmpty() ? "" : ",").append(name.apply(flag));
        }
        return out.toString();
    }
}
