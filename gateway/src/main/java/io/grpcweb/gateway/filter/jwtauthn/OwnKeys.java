package io.grpcweb.gateway.filter.jwtauthn;

import io.grpcweb.gateway.config.hocon.Fields;
import io.grpcweb.gateway.config.hocon.Section;
import io.grpcweb.gateway.config.hocon.Tree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** The keys of a provider in the gateway's own format: {@code keys { file | json | uri }}. */
final class OwnKeys {
    private static final Jwks.Remote USUAL = new Jwks.Remote(
            "",
            "",
            Duration.ofSeconds(1),
            Jwks.Remote.CACHE_DURATION,
            Jwks.Remote.OUTLIVE,
            true,
            true,
            Jwks.Remote.RETRY_PAUSE,
            0,
            Jwks.Remote.BACK_OFF,
            Jwks.Remote.BACK_OFF_MAX);

    private OwnKeys() {}

    static Jwks read(Section provider) {
        Section own = provider.sectionOrEmpty("keys");
        if (Stream.of("file", "json", "uri").filter(own::has).count() != 1) {
            provider.error("keys", "one of file, json and uri is expected");
            return new Jwks.Local("", Optional.empty());
        }
        if (own.has("uri")) {
            Jwks.Remote remote = fields(own, USUAL);
            RemoteUri.problem(remote.uri()).ifPresent(text -> own.error("uri", text));
            if (remote.cluster().isEmpty()) {
                own.error("", "'cluster' is required");
            }
            return remote;
        }
        Optional<String> file = own.text("file");
        String text = file.map(name -> content(own, name)).orElseGet(() -> own.text("json", ""));
        if (file.isEmpty() || !text.isEmpty()) {
            check(own, file.isPresent() ? "file" : "json", text);
        }
        return new Jwks.Local(text, file);
    }

    private static String content(Section own, String name) {
        try {
            Path file = Path.of(name);
            own.reads(file);
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException | InvalidPathException e) {
            own.error("file", "the file '" + name + "' cannot be read");
            return "";
        }
    }

    private static void check(Section own, String key, String text) {
        try {
            KeySet.parse(text);
        } catch (IOException e) {
            own.error(key, e.getMessage());
        }
    }

    static void write(Tree provider, Jwks keys) {
        Tree own = new Tree();
        if (keys instanceof Jwks.Remote remote) {
            own.add(remote, USUAL, OwnKeys::fields);
        } else if (keys instanceof Jwks.Local local) {
            own.put(local.file().isPresent() ? "file" : "json", local.file().orElse(local.text()));
        }
        provider.put("keys", own);
    }

    private static Jwks.Remote fields(Fields own, Jwks.Remote given) {
        return new Jwks.Remote(
                own.text("uri", given.uri()),
                own.text("cluster", given.cluster()),
                own.duration("timeout", given.timeout()),
                own.duration("cache", given.cacheDuration()),
                own.duration("outlive", given.outlive()),
                own.flag("ahead", given.ahead()),
                own.flag("hold-listener", given.holdListener()),
                own.duration("retry-pause", given.retryPause()),
                own.integer("retries", given.retries()),
                own.duration("back-off", given.backOff()),
                own.duration("back-off-max", given.backOffMax()));
    }
}
