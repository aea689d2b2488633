package io.grpcweb.gateway.filter.extauthz;

import io.grpcweb.gateway.config.StringMatch;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Makes decisions of the answers of an HTTP service. */
final class HttpAnswer {
    /** By this field a service takes fields off a request. */
    private static final String REMOVE = "x-envoy-auth-headers-to-remove";

    /** What a client gets of a refusal beside what the configuration names. */
    private static final Set<String> ALWAYS = Set.of("www-authenticate", "location");

    /** What belongs to the connection, or to the body that is not handed on as it is. */
    private static final Set<String> NEVER =
            Set.of("host", "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", REMOVE);

    private final AuthzService.HttpAnswer settings;

    HttpAnswer(AuthzService.HttpAnswer settings) {
        this.settings = settings;
    }

    Decision decision(int status, Http2Headers head, String body) {
        Decision decision = new Decision();
        if (status >= 500 || status < 200) {
            return decision;
        }
        boolean pass = status == 200;
        decision.verdict = pass ? Decision.Verdict.PASS : Decision.Verdict.DENY;
        if (!pass) {
            decision.status = status;
            decision.text = body;
        }
        for (Map.Entry<CharSequence, CharSequence> one : head) {
            Decision.Field field = new Decision.Field(
                    one.getKey().toString().toLowerCase(Locale.ROOT),
                    one.getValue().toString());
            if (field.name().startsWith(":")) {
                continue;
            }
            if (VisibleFields.fits(settings.toMetadata(), field.name())) {
                decision.metadata.put(field.name(), field.value());
            }
            if (pass) {
                passes(field, decision);
            } else if (isForClient(field.name())) {
                decision.beside.add(field);
            }
        }
        return decision;
    }

    private void passes(Decision.Field field, Decision decision) {
        if (field.name().equals(REMOVE)) {
            for (String name : field.value().split(",", -1)) {
                decision.remove.add(name.strip().toLowerCase(Locale.ROOT));
            }
            return;
        }
        if (NEVER.contains(field.name())) {
            return;
        }
        if (fits(settings.toBackend(), field)) {
            decision.replace.add(field);
        }
        if (fits(settings.toBackendMore(), field)) {
            decision.add.add(field);
        }
        if (fits(settings.toClientOnSuccess(), field)) {
            decision.response.add(field);
        }
    }

    private static boolean fits(List<StringMatch> matches, Decision.Field field) {
        return VisibleFields.fits(matches, field.name());
    }

    private boolean isForClient(String name) {
        return !NEVER.contains(name)
                && (settings.toClient().isEmpty()
                        || ALWAYS.contains(name)
                        || VisibleFields.fits(settings.toClient().get(), name));
    }
}
