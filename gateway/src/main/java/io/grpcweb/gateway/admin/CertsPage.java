package io.grpcweb.gateway.admin;

import io.grpcweb.gateway.admin.Snapshots.CertificateStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /certs}: which certificates are in use and until when; never a key. */
final class CertsPage implements Page {
    private final Snapshots snapshots;

    CertsPage(Snapshots snapshots) {
        this.snapshots = snapshots;
    }

    @Override
    public AdminResponse answer(AdminRequest request) {
        List<Object> all = new ArrayList<>();
        for (CertificateStatus certificate : snapshots.certificates()) {
            Map<String, Object> out = new LinkedHashMap<>();
            List<Object> details = List.of(details(certificate));
            out.put("ca_cert", certificate.authority() ? details : List.of());
            out.put("cert_chain", certificate.authority() ? List.of() : details);
            all.add(out);
        }
        return AdminResponse.json(Json.pretty(Map.of("certificates", all)));
    }

    private static Map<String, Object> details(CertificateStatus certificate) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("path", certificate.path());
        out.put("serial_number", certificate.serialNumber());
        out.put(
                "subject_alt_names",
                certificate.dnsNames().stream().map(name -> Map.of("dns", name)).toList());
        out.put("days_until_expiration", Long.toString(daysLeft(certificate)));
        out.put(
                "valid_from",
                certificate.validFrom().truncatedTo(ChronoUnit.SECONDS).toString());
        out.put(
                "expiration_time",
                certificate.expiration().truncatedTo(ChronoUnit.SECONDS).toString());
        return out;
    }

    static long daysLeft(CertificateStatus certificate) {
        return Math.max(
                0, Duration.between(Instant.now(), certificate.expiration()).toDays());
    }
}
