package io.grpcweb.gateway.filter.service;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * Reads protobuf messages field by field. A field of a wire type that is not asked for is passed over, as a field that is not
 * known is; what breaks the rules of the encoding is an {@link InvalidProtocolBufferException}.
 */
public final class ProtoReader {
    private final CodedInputStream in;
    private int tag;

    /** Reads a message that is lent. */
    public ProtoReader(ByteBuf lent) {
        in = CodedInputStream.newInstance(lent.nioBuffer());
    }

    /** What reads one message. */
    public interface Fields {
        /** One field; its value is read with a method of the reader, or left alone. */
        void field(int number, ProtoReader in) throws IOException;
    }

    /** Reads all fields of the message. */
    public void read(Fields fields) throws IOException {
        while (!in.isAtEnd()) {
            tag = in.readTag();
            int before = tag;
            fields.field(WireFormat.getTagFieldNumber(tag), this);
            if (tag == before && !in.skipField(before)) {
                throw new InvalidProtocolBufferException("an end of a group without its beginning");
            }
        }
    }

    private boolean is(int type) {
        boolean fits = WireFormat.getTagWireType(tag) == type;
        if (fits) {
            tag = 0;
        }
        return fits;
    }

    /** A text in UTF-8; empty where the field is none. */
    public String text() throws IOException {
        return is(WireFormat.WIRETYPE_LENGTH_DELIMITED) ? in.readStringRequireUtf8() : "";
    }

    /** Bytes; none where the field is of another type. */
    public ByteString bytes() throws IOException {
        return is(WireFormat.WIRETYPE_LENGTH_DELIMITED) ? in.readBytes() : ByteString.EMPTY;
    }

    /** An integer of any type without zigzag, an enum or a flag; 0 where the field is none. */
    public long whole() throws IOException {
        return is(WireFormat.WIRETYPE_VARINT) ? in.readRawVarint64() : 0;
    }

    public boolean flag() throws IOException {
        return whole() != 0;
    }

    public double decimal() throws IOException {
        return is(WireFormat.WIRETYPE_FIXED64) ? in.readDouble() : 0;
    }

    /** Reads the message in this field. */
    public void message(Fields fields) throws IOException {
        if (!is(WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
            return;
        }
        int limit = in.pushLimit(in.readRawVarint32());
        read(fields);
        in.popLimit(limit);
        tag = 0;
    }

    /** Reads the message in this field into an object of its own. */
    public <T extends Fields> T message(Supplier<T> make) throws IOException {
        T made = make.get();
        message((Fields) made);
        return made;
    }
}
