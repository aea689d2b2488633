package io.grpcweb.gateway.config.envoy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What spans and logs are from, in the words of OpenTelemetry: attributes of the file and of the environment. */
final class ResourceDetectors {
    private static final String PACKAGE = "envoy.extensions.tracers.opentelemetry.resource_detectors.v3.";
    private static final String VARIABLE = "OTEL_RESOURCE_ATTRIBUTES";

    private final Reading reading;

    ResourceDetectors(Reading reading) {
        this.reading = reading;
    }

    Map<String, String> read(Msg owner) {
        Map<String, String> found = new LinkedHashMap<>();
        for (Msg detector : owner.messages("resource_detectors")) {
            Optional<Msg> typed = detector.message("typed_config");
            if (typed.isEmpty() || typed.get().isWithoutEffect()) {
                continue;
            }
            switch (typed.get().type()) {
                case PACKAGE + "StaticConfigResourceDetectorConfig" ->
                    found.putAll(typed.get().textsByKey("attributes"));
                case PACKAGE + "EnvironmentResourceDetectorConfig" ->
                    found.putAll(attributes(
                            Optional.ofNullable(System.getenv(VARIABLE)).orElse("")));
                default -> reading.error(detector, "typed_config", typed.get().type() + " is no resource detector");
            }
        }
        return found;
    }

    /** {@code NAME=VALUE,NAME=VALUE}, as the OpenTelemetry specification has it of the variable. */
    static Map<String, String> attributes(String text) {
        Map<String, String> found = new LinkedHashMap<>();
        for (String pair : text.split(",", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                found.put(
                        pair.substring(0, equals).strip(),
                        pair.substring(equals + 1).strip());
            }
        }
        return found;
    }
}
