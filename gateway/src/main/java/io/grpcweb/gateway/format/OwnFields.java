package io.grpcweb.gateway.format;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The fields of the gateway's own log line. Those without a value are left out. The query of a path is left out as well:
 * clients put credentials there.
 */
public final class OwnFields {
    private OwnFields() {}

    public static Map<String, Object> all() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("time", "%START_TIME%");
        fields.put("method", "%REQ(:METHOD)%");
        fields.put("path", "%PATH(NQ)%");
        fields.put("grpc_status", "%GRPC_STATUS%");
        fields.put("http_status", "%RESPONSE_CODE%");
        fields.put("duration_ms", "%DURATION%");
        fields.put("backend_ms", "%RESPONSE_DURATION%");
        fields.put("bytes_received", "%BYTES_RECEIVED%");
        fields.put("bytes_sent", "%BYTES_SENT%");
        fields.put("details", "%RESPONSE_CODE_DETAILS%");
        fields.put("flags", "%RESPONSE_FLAGS%");
        fields.put("failure", "%UPSTREAM_TRANSPORT_FAILURE_REASON%");
        fields.put("cluster", "%UPSTREAM_CLUSTER%");
        fields.put("endpoint", "%UPSTREAM_HOST%");
        fields.put("attempts", "%UPSTREAM_REQUEST_ATTEMPT_COUNT%");
        fields.put("route", "%ROUTE_NAME%");
        fields.put("protocol", "%PROTOCOL%");
        fields.put("authority", "%REQ(:AUTHORITY)%");
        fields.put("origin", "%REQ(ORIGIN)%");
        fields.put("client", "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%");
        fields.put("user_agent", "%REQ(USER-AGENT)%");
        fields.put("request_id", "%REQ(X-REQUEST-ID)%");
        return fields;
    }
}
