package io.grpcweb.gateway.check;

import io.grpcweb.gateway.check.Opening.Kind;
import io.grpcweb.gateway.config.ClusterConfig.Protocol;
import io.grpcweb.gateway.schema.ProtoSchema;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Speaks to one address of an endpoint as the gateway would: TCP, TLS, the protocol, health and reflection. Where that fails, it tries
 * what else the server may speak, so that it can be said what is wrong. It blocks its thread.
 */
final class EndpointCheck {
    private final EventLoop loop;
    private final Target target;
    private final Words words;
    private final Budget budget;
    private final List<Finding> findings = new ArrayList<>();

    EndpointCheck(EventLoop loop, Target target, Words words, Budget budget) {
        this.loop = loop;
        this.target = target;
        this.words = words;
        this.budget = budget;
    }

    /**
     * What was found.
     *
     * @param connected whether TCP has connected
     * @param failure why it has not, if that is known
     * @param services what the endpoint tells by reflection
     */
    record Result(boolean connected, Throwable failure, List<Finding> findings, Optional<ProtoSchema> services) {}

    Result run() throws InterruptedException {
        boolean http1 = target.cluster().protocol() == Protocol.HTTP1;
        try (Contact contact = dial(target.security(), http1 ? Greetings.HTTP1 : Greetings.HTTP2, budget.half())) {
            if (!contact.isConnected()) {
                return new Result(false, contact.failure(), findings, Optional.empty());
            }
            return new Result(true, null, findings, speak(contact, http1));
        }
    }

    private Contact dial(Security security, Dial.Greeting greeting, Budget time) throws InterruptedException {
        return Dial.to(loop, address(), security, greeting, time);
    }

    private SocketAddress address() {
        return target.address();
    }

    private Optional<ProtoSchema> speak(Contact contact, boolean http1) throws InterruptedException {
        if (!contact.isSecured()) {
            insecure(contact);
            return Optional.empty();
        }
        if (!contact.chain().isEmpty()) {
            CertificateJudge.date(contact.chain())
                    .map(cause -> cause + ", and is taken all the same")
                    .or(() -> CertificateJudge.endsSoon(contact.chain()))
                    .ifPresent(cause -> findings.add(target.doubtful(cause, "renew it in time")));
        }
        if (http1) {
            http1(contact);
            return Optional.empty();
        }
        if (!contact.speaks(Kind.HTTP2)) {
            otherProtocol(contact);
            return Optional.empty();
        }
        if (target.cluster().protocol() == Protocol.AUTO && target.isSecured() && !"h2".equals(contact.alpn())) {
            notChosen(contact);
            return Optional.empty();
        }
        return grpc(contact);
    }

    /** The handshake has failed. */
    private void insecure(Contact contact) throws InterruptedException {
        Inspection inspection = new Inspection(target.serverName());
        try (Contact seen = dial(inspection, Greetings.HTTP2, budget.half())) {
            if (seen.isSecured()) {
                findings.add(new HandshakeFailure(target, words).of(contact, seen, inspection.asksForCertificate()));
                return;
            }
        }
        Optional<Kind> clear = clear();
        if (clear.isPresent()) {
            findings.add(target.broken(
                    "it speaks " + name(clear.get()) + " in cleartext, and the cluster is configured with TLS",
                    words.withoutTls() + (clear.get() == Kind.HTTP1 ? ", and " + words.http1() : "")));
        } else {
            findings.add(target.broken(
                    "the TLS handshake fails: " + HandshakeFailure.reason(contact.failure()),
                    "compare the TLS versions and ciphers of both sides, and the name that is asked for: "
                            + target.serverName()));
        }
    }

    /** What it speaks in cleartext. */
    private Optional<Kind> clear() throws InterruptedException {
        for (Greetings greeting : Greetings.values()) {
            try (Contact contact = dial(Security.NONE, greeting, budget.half())) {
                if (contact.speaks(Kind.HTTP2) || contact.speaks(Kind.HTTP1)) {
                    return Optional.of(contact.opening().kind());
                }
            }
        }
        return Optional.empty();
    }

    private static String name(Kind kind) {
        return kind == Kind.HTTP2 ? "HTTP/2" : "HTTP/1.1";
    }

    /** It should speak HTTP/2, and does not. */
    private void otherProtocol(Contact contact) throws InterruptedException {
        if (!target.isSecured() && wantsTls()) {
            return;
        }
        if (target.isSecured() && wantsCertificate()) {
            return;
        }
        Kind kind = contact.opening().kind();
        if (kind != Kind.HTTP1 && kind != Kind.OTHER) {
            try (Contact other = dial(target.security(), Greetings.HTTP1, budget.half())) {
                kind = other.speaks(Kind.HTTP1) ? Kind.HTTP1 : kind;
            }
        }
        findings.add(
                switch (kind) {
                    case HTTP1 ->
                        target.broken(
                                "it speaks HTTP/1.1, and gRPC needs HTTP/2",
                                "point the cluster at the gRPC port of the backend, or " + words.http1());
                    case CLOSED ->
                        target.broken(
                                "it takes the connection and closes it without a word",
                                "look into the log of the backend; the port may be that of something else");
                    case SILENT ->
                        target.broken(
                                "it takes the connection and says nothing, not even the SETTINGS frame with which an"
                                        + " HTTP/2 server begins",
                                "see whether the backend hangs, and whether the port is that of a gRPC server");
                    default ->
                        target.broken(
                                "it does not speak HTTP/2; its first bytes are "
                                        + contact.opening().hex(),
                                "point the cluster at the gRPC port of the backend");
                });
    }

    private boolean wantsTls() throws InterruptedException {
        try (Contact secured = dial(new Inspection(name(target)), Greetings.HTTP2, budget.half())) {
            if (!secured.isSecured()) {
                return false;
            }
            List<String> names = secured.chain().isEmpty()
                    ? List.of()
                    : CertificateJudge.names(secured.chain().get(0));
            findings.add(target.broken(
                    "it wants TLS, and the cluster is configured in cleartext"
                            + (names.isEmpty() ? "" : "; its certificate is for " + String.join(", ", names)),
                    words.withTls()));
            return true;
        }
    }

    /** The name that would be asked for, were there TLS. */
    private static String name(Target target) {
        return HandshakeFailure.isName(target.host().address().host())
                ? target.host().address().host()
                : null;
    }

    private boolean wantsCertificate() throws InterruptedException {
        Inspection inspection = new Inspection(target.serverName());
        try (Contact seen = dial(inspection, Greetings.HTTP2, budget.half())) {
            if (!seen.isSecured() || !inspection.asksForCertificate() || seen.speaks(Kind.HTTP2)) {
                return false;
            }
            findings.add(new HandshakeFailure(target, words).clientCertificate());
            return true;
        }
    }

    private void notChosen(Contact contact) {
        if (target.carriesCalls()) {
            findings.add(target.broken(
                    "it does not choose h2 by ALPN but " + (contact.alpn() == null ? "nothing" : contact.alpn())
                            + ", so that HTTP/1.1 is spoken, and gRPC needs HTTP/2",
                    "switch HTTP/2 on in the server, or " + words.http2() + " if it speaks it all the same"));
        }
    }

    /** The cluster is one of HTTP/1.1. */
    private void http1(Contact contact) throws InterruptedException {
        if (contact.speaks(Kind.HTTP1)) {
            return;
        }
        try (Contact other = dial(target.security(), Greetings.HTTP2, budget.half())) {
            if (!other.speaks(Kind.HTTP2)) {
                otherProtocol(contact);
            } else if (target.carriesCalls()) {
                findings.add(target.broken(
                        "it speaks HTTP/2, and the cluster is configured with HTTP/1.1, over which there is no gRPC",
                        words.http2()));
            }
        }
    }

    private Optional<ProtoSchema> grpc(Contact contact) throws InterruptedException {
        GrpcQuestions questions = new GrpcQuestions(
                loop, new StreamCalls(contact.channel(), target.host().address().toString()));
        findings.addAll(new HealthCheckup(target, words).of(questions, budget.half()));
        return questions.services(budget);
    }
}
