package io.grpcweb.gateway.admin;

import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code /config_dump}: the configuration in force, in the form of Envoy's dump, without keys. */
final class ConfigDumpPage implements Page {
    private final Snapshots snapshots;

    ConfigDumpPage(Snapshots snapshots) {
        this.snapshots = snapshots;
    }

    @Override
    public AdminResponse answer(AdminRequest request) {
        try {
            String regex = request.value("name_regex");
            return dump(request, regex == null || regex.isEmpty() ? null : new NameFilter(regex));
        } catch (PatternSyntaxException e) {
            return plain(400, "Error while parsing name_regex from " + e.getPattern());
        }
    }

    private AdminResponse dump(AdminRequest request, NameFilter names) {
        ConfigDump dump = new ConfigDump(snapshots, names);
        String resource = request.value("resource");
        String mask = request.value("mask");
        List<Map<String, Object>> configs;
        if (resource == null || resource.isEmpty()) {
            configs = dump.all(request.has("include_eds"));
        } else if (resource.equals("bootstrap")) {
            return plain(400, "bootstrap is not a repeated field. Use ?mask=bootstrap to get only this field");
        } else {
            configs = dump.resource(resource);
        }
        if (configs == null) {
            return plain(404, resource + " not found in config dump");
        }
        return mask == null || mask.isEmpty() ? json(configs) : masked(configs, mask);
    }

    private static AdminResponse masked(List<Map<String, Object>> configs, String mask) {
        FieldMask fields = new FieldMask(mask);
        List<Map<String, Object>> left = new ArrayList<>();
        for (Map<String, Object> config : configs) {
            Map<String, Object> rest = fields.apply(config);
            if (!FieldMask.isBare(rest)) {
                left.add(rest);
            }
        }
        return left.isEmpty() && !configs.isEmpty()
                ? plain(400, "FieldMask " + mask + " could not be successfully applied to any configs.")
                : json(left);
    }

    private static AdminResponse json(List<Map<String, Object>> configs) {
        return AdminResponse.json(Json.pretty(configs.isEmpty() ? Map.of() : Map.of("configs", configs)));
    }

    private static AdminResponse plain(int status, String text) {
        return AdminResponse.of(status, "text/plain", text);
    }
}
