package io.grpcweb.gateway.telemetry;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes metrics in the text format of OpenMetrics 1.0, with sampled traces as the exemplars of latencies. */
final class OpenMetricsText {
    private static final String FIRST_BYTE = "gateway_call_first_byte_seconds";
    private static final String DURATION = "gateway_call_duration_seconds";

    private final MethodTable methods;

    OpenMetricsText(MethodTable methods) {
        this.methods = methods;
    }

    String of(MetricSnapshots metrics) {
        List<MetricSnapshot> shown = new ArrayList<>(metrics.size());
        for (MetricSnapshot metric : metrics) {
            shown.add(isLatency(metric) ? withExemplars((HistogramSnapshot) metric) : metric);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 16);
        try {
            OpenMetricsTextFormatWriter.create()
                    .write(out, new MetricSnapshots(shown), EscapingScheme.UNDERSCORE_ESCAPING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static boolean isLatency(MetricSnapshot metric) {
        String name = metric.getMetadata().getPrometheusName();
        return metric instanceof HistogramSnapshot && (name.equals(FIRST_BYTE) || name.equals(DURATION));
    }

    private HistogramSnapshot withExemplars(HistogramSnapshot histogram) {
        boolean isFirstByte = histogram.getMetadata().getPrometheusName().equals(FIRST_BYTE);
        List<HistogramDataPointSnapshot> points = new ArrayList<>();
        for (HistogramDataPointSnapshot point : histogram.getDataPoints()) {
            points.add(new HistogramDataPointSnapshot(
                    point.getClassicBuckets(),
                    point.getSum(),
                    point.getLabels(),
                    exemplars(point.getLabels(), isFirstByte),
                    point.getCreatedTimestampMillis()));
        }
        return new HistogramSnapshot(histogram.getMetadata(), points);
    }

    private Exemplars exemplars(Labels labels, boolean isFirstByte) {
        MethodMeters meters = methods.named(labels.get("grpc_service"), labels.get("grpc_method"));
        return isFirstByte ? meters.tracedFirstBytes() : meters.tracedDurations();
    }
}
