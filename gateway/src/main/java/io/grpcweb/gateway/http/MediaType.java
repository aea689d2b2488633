package io.grpcweb.gateway.http;

/** Media types as far as gRPC needs them (RFC 9110 section 8.3.1): letter case and parameters do not matter. */
public final class MediaType {
    private static final String GRPC = "application/grpc";
    private static final String GRPC_WEB = "application/grpc-web";
    private static final String GRPC_WEB_TEXT = "application/grpc-web-text";

    private MediaType() {}

    /** What a request or a response with this content-type is; null stands for a missing one. */
    public static CallFormat formatOf(CharSequence contentType) {
        if (contentType == null || !startsWith(contentType, GRPC)) {
            return CallFormat.HTTP;
        }
        if (endsAt(contentType, GRPC.length())) {
            return CallFormat.GRPC;
        }
        if (!startsWith(contentType, GRPC_WEB)) {
            return CallFormat.HTTP;
        }
        if (endsAt(contentType, GRPC_WEB.length())) {
            return CallFormat.GRPC_WEB;
        }
        if (!startsWith(contentType, GRPC_WEB_TEXT)) {
            return CallFormat.HTTP;
        }
        // PROTOCOL-WEB.md also names a variant "application/grpc-web-text-base64".
        String rest = essence(contentType).substring(GRPC_WEB_TEXT.length());
        return rest.isEmpty() || rest.charAt(0) == '+' || rest.equals("-base64") || rest.startsWith("-base64+")
                ? CallFormat.GRPC_WEB_TEXT
                : CallFormat.HTTP;
    }

    /** The sub-format behind the plus sign in lower-case, or null for none. */
    public static String subFormat(CharSequence contentType) {
        String essence = essence(contentType);
        int plus = essence.indexOf('+');
        return plus < 0 || plus == essence.length() - 1 ? null : essence.substring(plus + 1);
    }

    /**
     * The form that an {@code Accept} field asks for: text if any of its ranges is a text form with a q above 0, binary
     * if one is a binary form, else null.
     */
    public static CallFormat accepted(CharSequence accept) {
        CallFormat found = null;
        for (String range : accept.toString().split(",", -1)) {
            CallFormat format = formatOf(range.strip());
            if (!format.isGrpcWeb() || isRefused(range)) {
                continue;
            }
            if (format == CallFormat.GRPC_WEB_TEXT) {
                return format;
            }
            found = format;
        }
        return found;
    }

    /** Whether the weight of a range is zero (RFC 9110 section 12.4.2). */
    private static boolean isRefused(String range) {
        String[] parameters = range.split(";", -1);
        for (int i = 1; i < parameters.length; i++) {
            String parameter = parameters[i].strip();
            if (parameter.length() > 2
                    && (parameter.charAt(0) == 'q' || parameter.charAt(0) == 'Q')
                    && parameter.charAt(1) == '=') {
                return parameter.substring(2).strip().matches("0(\\.0{0,3})?");
            }
        }
        return false;
    }

    /** Type and subtype without parameters, in lower-case. */
    public static String essence(CharSequence contentType) {
        int end = 0;
        while (end < contentType.length() && contentType.charAt(end) != ';') {
            end++;
        }
        return contentType.toString().substring(0, end).strip().toLowerCase(java.util.Locale.ROOT);
    }

    private static boolean startsWith(CharSequence text, String prefix) {
        if (text.length() < prefix.length()) {
            return false;
        }
        for (int i = 0; i < prefix.length(); i++) {
            char c = text.charAt(i);
            if (c != prefix.charAt(i) && (c < 'A' || c > 'Z' || c + 32 != prefix.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean endsAt(CharSequence text, int at) {
        if (text.length() == at) {
            return true;
        }
        char c = text.charAt(at);
        return c == ';' || c == '+' || c == ' ' || c == '\t';
    }
}
