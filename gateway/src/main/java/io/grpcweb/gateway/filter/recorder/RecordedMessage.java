package io.grpcweb.gateway.filter.recorder;

import com.google.protobuf.ByteString;

/**
 * A message of a call.
 *
 * @param length in bytes, as it was sent
 * @param compressed whether the coding of its direction was used on it
 * @param bytes null where it was too long, or did not come whole
 */
public record RecordedMessage(long length, boolean compressed, ByteString bytes) {}
