package io.grpcweb.gateway.filter.connect;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The details of an error in {@code grpc-status-details-bin}, which is a google.rpc.Status in base64. */
final class ErrorDetails {
    /** repeated google.protobuf.Any details = 3 */
    private static final int DETAILS = 3 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

    /** string type_url = 1 of an Any */
    private static final int TYPE_URL = 1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

    /** bytes value = 2 of an Any */
    private static final int VALUE = 2 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

    private static final Base64.Encoder BASE64 = Base64.getEncoder().withoutPadding();

    private ErrorDetails() {}

    /**
     * One detail.
     *
     * @param type full name of its message
     * @param value the message in base64 without padding
     */
    record Detail(String type, String value) {}

    /** Those of a field; none where there is no field, or where it is broken: the error itself is more important. */
    static List<Detail> of(CharSequence field) {
        if (field == null) {
            return List.of();
        }
        List<Detail> found = new ArrayList<>();
        try {
            CodedInputStream in = CodedInputStream.newInstance(decoded(field.toString()));
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (tag == DETAILS) {
                    found.add(detail(CodedInputStream.newInstance(in.readByteArray())));
                } else {
                    in.skipField(tag);
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            return List.of();
        }
        return found;
    }

    /** Padding may be there or not, and in either alphabet. */
    private static byte[] decoded(String text) {
        return Base64.getDecoder().decode(text.strip().replace('-', '+').replace('_', '/'));
    }

    private static Detail detail(CodedInputStream in) throws IOException {
        String type = "";
        String value = "";
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case TYPE_URL -> {
                    String url = in.readString();
                    type = url.substring(url.lastIndexOf('/') + 1);
                }
                case VALUE -> value = BASE64.encodeToString(in.readByteArray());
                default -> in.skipField(tag);
            }
        }
        return new Detail(type, value);
    }
}
