package io.grpcweb.gateway.config;

/**
 * A resource as it came, not looked at yet.
 *
 * @param type the type URL it was sent with
 * @param version what the sender calls this state of it
 * @param content what it says; equal contents mean the same
 */
public record Resource(String type, String name, String version, Content content) {

    /** What a resource says; equal ones mean the same. */
    public interface Content {}

    /** The same under another version. */
    public Resource at(String otherVersion) {
        return new Resource(type, name, otherVersion, content);
    }
}
