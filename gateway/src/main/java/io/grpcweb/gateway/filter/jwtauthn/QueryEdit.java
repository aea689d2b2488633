package io.grpcweb.gateway.filter.jwtauthn;

import io.grpcweb.gateway.http.RequestView;
import java.util.StringJoiner;

/** Takes parameters out of the query of a path and leaves the others as they are. */
final class QueryEdit {
    private QueryEdit() {}

    static String without(String path, String parameter) {
        int mark = path.indexOf('?');
        if (mark < 0) {
            return path;
        }
        StringJoiner left = new StringJoiner("&");
        for (String one : path.substring(mark + 1).split("&", -1)) {
            int equals = one.indexOf('=');
            String name = equals < 0 ? one : one.substring(0, equals);
            if (!RequestView.decoded(name).equals(parameter)) {
                left.add(one);
            }
        }
        String query = left.toString();
        return query.isEmpty() ? path.substring(0, mark) : path.substring(0, mark + 1) + query;
    }
}
