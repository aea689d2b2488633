package io.grpcweb.gateway.config;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The private key of a PEM text in PKCS#8 form, which is all that the TLS library reads. Keys as {@code openssl genrsa}
 * and {@code openssl ecparam} wrote them (PKCS#1, RFC 8017 appendix A.1.2; SEC 1, RFC 5915) are put into the envelope of
 * RFC 5208.
 */
public final class PemKey {
    private static final Pattern BLOCK = Pattern.compile(
            "-----BEGIN ((?:RSA |EC |ENCRYPTED )?PRIVATE KEY)-----\\s*([A-Za-z0-9+/=\\s]+?)-----END \\1-----");
    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

    /** AlgorithmIdentifier of rsaEncryption. */
    private static final byte[] RSA = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00
    };

    /** Object identifier of ecPublicKey. */
    private static final byte[] EC = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01};

    private PemKey() {}

    /** PEM in, PEM out; {@code name} is for errors. */
    public static byte[] toPkcs8(byte[] pem, String name) throws IOException {
        Matcher block = BLOCK.matcher(new String(pem, StandardCharsets.ISO_8859_1));
        if (!block.find()) {
            throw new IOException(name + ": holds no private key in PEM form that can be used");
        }
        String label = block.group(1);
        if (!label.startsWith("RSA") && !label.startsWith("EC ")) {
            return pem;
        }
        byte[] key;
        try {
            key = Base64.getMimeDecoder().decode(block.group(2));
        } catch (IllegalArgumentException e) {
            throw new IOException(name + ": its private key is not base64: " + e.getMessage(), e);
        }
        byte[] algorithm;
        try {
            algorithm = label.startsWith("RSA") ? RSA : sequence(EC, curve(key, name));
        } catch (IndexOutOfBoundsException e) {
            throw new IOException(name + ": its private key is cut off", e);
        }
        byte[] whole = sequence(VERSION_0, algorithm, element(0x04, key));
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(whole);
        return ("-----BEGIN PRIVATE KEY-----\n" + text + "\n-----END PRIVATE KEY-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** The object identifier in the [0] field of an ECPrivateKey. */
    private static byte[] curve(byte[] key, String name) throws IOException {
        for (int at = skipHeader(key, 0); at + 1 < key.length; ) {
            int body = skipHeader(key, at);
            int length = length(key, at);
            if ((key[at] & 0xff) == 0xa0 && body + length <= key.length) {
                byte[] found = new byte[length];
                System.arraycopy(key, body, found, 0, length);
                return found;
            }
            at = body + length;
        }
        throw new IOException(name + ": its EC key does not name its curve; convert it with openssl pkcs8 -topk8");
    }

    private static int skipHeader(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
    }

    private static int length(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = 0; i < (first & 0x7f); i++) {
            length = length << 8 | der[at + 2 + i] & 0xff;
        }
        return length;
    }

    private static byte[] sequence(byte[]... parts) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            body.writeBytes(part);
        }
        return element(0x30, body.toByteArray());
    }

    private static byte[] element(int tag, byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (body.length < 0x80) {
            out.write(body.length);
        } else if (body.length < 0x100) {
            out.write(0x81);
            out.write(body.length);
        } else {
            out.write(0x82);
            out.write(body.length >> 8);
            out.write(body.length);
        }
        out.writeBytes(body);
        return out.toByteArray();
    }
}
