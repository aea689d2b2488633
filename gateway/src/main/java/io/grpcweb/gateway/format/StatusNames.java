package io.grpcweb.gateway.format;

import io.grpcweb.gateway.http.GrpcStatus;
import java.util.Arrays;
import java.util.Locale;

/** The names of gRPC statuses in Envoy's two spellings; a status that gRPC does not know is its number. */
public final class StatusNames {
    private static final String[] SNAKE =
            Arrays.stream(GrpcStatus.values()).map(Enum::name).toArray(String[]::new);

    private static final String[] CAMEL =
            Arrays.stream(SNAKE).map(StatusNames::camel).toArray(String[]::new);

    private StatusNames() {}

    /** {@code NOT_FOUND}; null where there is no status. */
    public static String snake(int status) {
        return spelled(status, SNAKE);
    }

    /** {@code NotFound}; CANCELLED is spelled with one L, as Envoy does. Null where there is no status. */
    public static String camel(int status) {
        return spelled(status, CAMEL);
    }

    private static String spelled(int status, String[] names) {
        return status < 0 ? null : status < names.length ? names[status] : Integer.toString(status);
    }

    private static String camel(String snake) {
        if (snake.equals("OK")) {
            return snake;
        }
        if (snake.equals("CANCELLED")) {
            return "Canceled";
        }
        StringBuilder out = new StringBuilder(snake.length());
        for (String word : snake.split("_", -1)) {
            out.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return out.toString();
    }
}
