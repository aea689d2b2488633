package io.grpcweb.gateway.files;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Locale;

/**
 * The head of a response with a file, and which part of the file follows it.
 *
 * @param fields with the status: 200, 206, 304 or 416
 * @param from the first byte that follows
 * @param length how many follow, 0 for none
 */
record FileHead(Http2Headers fields, long from, long length) {

    /** RFC 9110, sections 13 and 14: validators first, then the range. */
    static FileHead of(Http2Headers request, FoundFile file) {
        Http2Headers head = new DefaultHttp2Headers(false);
        head.set(HttpHeaderNames.ETAG, file.etag());
        head.set(HttpHeaderNames.LAST_MODIFIED, file.lastModified());
        head.set(
                HttpHeaderNames.CACHE_CONTROL,
                file.neverChanges() ? "public, max-age=31536000, immutable" : "no-cache");
        head.set(HttpHeaderNames.VARY, HttpHeaderNames.ACCEPT_ENCODING);
        head.set("x-content-type-options", "nosniff");
        if (isKnown(request, file)) {
            return new FileHead(head.status("304"), 0, 0);
        }
        head.set(HttpHeaderNames.CONTENT_TYPE, ContentTypes.of(file.name()));
        head.set(HttpHeaderNames.ACCEPT_RANGES, "bytes");
        if (file.coding() != null) {
            head.set(HttpHeaderNames.CONTENT_ENCODING, file.coding());
        }
        ByteRange range = isSame(request, file) ? ByteRange.of(request.get(HttpHeaderNames.RANGE), file.size()) : null;
        if (range == null) {
            head.set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(file.size()));
            return new FileHead(head.status("200"), 0, file.size());
        }
        if (range.length() == 0) {
            head.remove(HttpHeaderNames.CONTENT_TYPE);
            head.remove(HttpHeaderNames.CONTENT_ENCODING);
            head.set(HttpHeaderNames.CONTENT_RANGE, "bytes */" + file.size());
            return new FileHead(head.status("416"), 0, 0);
        }
        head.set(HttpHeaderNames.CONTENT_RANGE, "bytes " + range.from() + "-" + range.to() + "/" + file.size());
        head.set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(range.length()));
        return new FileHead(head.status("206"), range.from(), range.length());
    }

    /** Whether the browser has it already; {@code if-none-match} goes before {@code if-modified-since}. */
    private static boolean isKnown(Http2Headers request, FoundFile file) {
        CharSequence tags = request.get(HttpHeaderNames.IF_NONE_MATCH);
        if (tags == null) {
            CharSequence since = request.get(HttpHeaderNames.IF_MODIFIED_SINCE);
            return since != null && file.lastModified().contentEquals(since);
        }
        for (String tag : tags.toString().split(",", -1)) {
            String stripped = tag.strip();
            if (stripped.equals("*")
                    || (stripped.toUpperCase(Locale.ROOT).startsWith("W/") ? stripped.substring(2) : stripped)
                            .equals(file.etag())) {
                return true;
            }
        }
        return false;
    }

    /** Whether a part of it fits to the parts that the browser has. */
    private static boolean isSame(Http2Headers request, FoundFile file) {
        CharSequence condition = request.get(HttpHeaderNames.IF_RANGE);
        return condition == null
                || file.etag().contentEquals(condition)
                || file.lastModified().contentEquals(condition);
    }
}
