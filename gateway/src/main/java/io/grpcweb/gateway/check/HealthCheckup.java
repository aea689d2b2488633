package io.grpcweb.gateway.check;

import io.grpcweb.gateway.check.GrpcQuestions.HealthAnswer;
import io.grpcweb.gateway.config.ClusterConfig.HealthCheck;
import java.util.ArrayList;
import java.util.List;

/** Asks a gRPC server how it is, by the name that the health checks of its cluster ask for. */
final class HealthCheckup {
    private final Target target;
    private final Words words;

    HealthCheckup(Target target, Words words) {
        this.target = target;
        this.words = words;
    }

    List<Finding> of(GrpcQuestions questions, Budget budget) throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        List<HealthCheck> checks = target.cluster().healthChecks().stream()
                .filter(check -> check.kind() == HealthCheck.Kind.GRPC)
                .toList();
        if (checks.isEmpty()) {
            judge(questions.health("", budget), "", false, findings);
        }
        for (HealthCheck check : checks) {
            judge(questions.health(check.service(), budget), check.service(), true, findings);
        }
        if (target.cluster().healthChecks().stream()
                .anyMatch(check -> check.kind() == HealthCheck.Kind.HTTP && !check.http2())) {
            findings.add(target.broken(
                    "it speaks HTTP/2, and a health check asks it over HTTP/1.1, which no gRPC server answers: it would"
                            + " never count as healthy",
                    words.grpcHealthCheck()));
        }
        return findings;
    }

    /** @param checked whether the gateway's own health checks ask the same, and leave the endpoint out if they fail */
    private void judge(HealthAnswer answer, String service, boolean checked, List<Finding> findings) {
        String about = service.isEmpty() ? "" : " of \"" + service + "\"";
        switch (answer.health()) {
            case SERVING -> {}
            case NOT_SERVING ->
                findings.add(target.broken(
                        "its health service says that it is not serving" + about,
                        "look into the log of the backend: something that it needs may be missing"));
            case UNKNOWN_SERVICE -> {
                if (checked) {
                    findings.add(target.broken(
                            "its health service does not know the service \"" + service
                                    + "\", so that it never counts as healthy",
                            "register the name in the backend, or write another into " + words.healthService(service)
                                    + "; an empty one is the server as a whole"));
                }
            }
            case NONE -> {
                if (checked) {
                    findings.add(target.broken(
                            "it has no health service (grpc.health.v1.Health), and a health check asks it, so that it"
                                    + " never counts as healthy",
                            "add the health service to the backend, or " + words.withoutHealthCheck()));
                }
            }
            case NOT_GRPC ->
                findings.add(target.doubtful(
                        "it speaks HTTP/2, and does not answer as a gRPC server: " + answer.words(),
                        "the address may be that of a web server or of another proxy"));
            case FAILED ->
                findings.add(
                        checked
                                ? target.broken(
                                        "its health check fails: " + answer.words(), "look into the log of the backend")
                                : target.doubtful(
                                        "a call of its health service fails: " + answer.words(),
                                        "look into the log of the backend"));
        }
    }
}
