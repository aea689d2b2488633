package io.grpcweb.gateway.admin;

import io.grpcweb.gateway.admin.PageTable.Parameter;
import io.grpcweb.gateway.stats.Stats;
import io.grpcweb.gateway.telemetry.MetricsFormat;
import io.grpcweb.gateway.telemetry.RecentEvents;
import java.util.function.Function;

/** Which pages there are. */
final class Pages {
    private static final Parameter FILTER =
            new Parameter("filter", "Regular expression (Google re2) for filtering stats");
    private static final Parameter USED =
            new Parameter("usedonly", "Only include stats that have been written by system since restart");
    private static final Parameter FORMAT = new Parameter("format", "File format to use; One of (text, json)");

    private Pages() {}

    static PageTable of(
            Stats stats,
            HistogramIntervals intervals,
            Controls controls,
            Snapshots snapshots,
            ServerInfo info,
            Function<MetricsFormat, String> metrics,
            RecentEvents recent,
            ConsoleDoor door) {
        PageTable pages = new PageTable();
        pages.page("/", "Admin home page", new HomePage(pages, controls, info));
        numbers(pages, stats, intervals, metrics);
        state(pages, controls, snapshots, info, recent);
        levers(pages, stats, controls);
        pages.page(ConsoleDoor.PATH, "look at the services of backends, and call them", door::page)
                .below(ConsoleDoor.BELOW, door::part);
        return pages;
    }

    private static void numbers(
            PageTable pages, Stats stats, HistogramIntervals intervals, Function<MetricsFormat, String> metrics) {
        pages.page(
                "/stats",
                "print server stats",
                new StatsPage(stats, intervals, false),
                USED,
                FILTER,
                new Parameter("invert_filter", "Invert the filter regex"),
                new Parameter("format", "Format to use; One of (html, text, json, prometheus)"),
                new Parameter(
                        "type", "Stat types to include.; One of (All, Counters, Histograms, Gauges, TextReadouts)"),
                new Parameter("histogram_buckets", "Histogram bucket display mode; One of (cumulative, disjoint)"));
        pages.page(
                "/stats/prometheus",
                "print server stats in prometheus format, under Envoy's names",
                new StatsPage(stats, intervals, true),
                USED,
                FILTER);
        pages.page(
                "/metrics",
                "print the gateway's own metrics in prometheus format, or as OpenMetrics to those who accept it",
                request -> {
                    MetricsFormat format = MetricsFormat.of(request.accept());
                    return AdminResponse.of(200, format.contentType(), metrics.apply(format));
                });
        pages.page("/memory", "print current allocation/heap usage", new MemoryPage());
    }

    private static void state(
            PageTable pages, Controls controls, Snapshots snapshots, ServerInfo info, RecentEvents recent) {
        pages.page("/ready", "print server state, return 200 if LIVE, otherwise return 503", request -> {
            Controls.State state = controls.state();
            String problem = state == Controls.State.LIVE ? controls.notReady() : "";
            return AdminResponse.text(
                    state == Controls.State.LIVE && problem.isEmpty() ? 200 : 503,
                    problem.isEmpty() ? state + "\n" : "NOT READY: " + problem + "\n");
        });
        pages.page(
                "/server_info",
                "print server version/status information",
                new ServerInfoPage(info, controls, snapshots.config()));
        pages.page(
                "/clusters",
                "upstream cluster status",
                new ClustersPage(snapshots),
                FORMAT,
                new Parameter("filter", "Regular expression (Google re2) for filtering clusters by name"));
        pages.page("/listeners", "print listener info", new ListenersPage(snapshots), FORMAT);
        pages.page("/certs", "print certs on machine", new CertsPage(snapshots));
        pages.page(
                "/config_dump",
                "dump the configuration in force, without keys",
                new ConfigDumpPage(snapshots),
                new Parameter(
                        "resource",
                        "A list of the dump: static_ or dynamic_listeners, static_clusters, dynamic_active_clusters,"
                                + " static_ or dynamic_route_configs, static_ or dynamic_active_secrets ..."),
                new Parameter("include_eds", "With the endpoints that control planes name"),
                new Parameter("mask", "The fields to show, as dotted paths separated by commas"),
                new Parameter("name_regex", "Only what has such a name"));
        pages.page(
                "/explain",
                "what a call would meet, and which line or resource says so",
                new ExplainPage(snapshots),
                new Parameter("method", "The method that is called, as /package.Service/Method"),
                new Parameter("origin", "The page that calls"),
                new Parameter("host", "The host that is asked"),
                new Parameter("listener", "One listener only"),
                new Parameter("headers", "Header fields of the call, a line each"));
        pages.page(
                "/recent",
                "recent CORS refusals with the setting that would allow them, and recent errors of the gateway's own",
                new RecentPage(recent),
                FORMAT);
        pages.page(
                "/runtime",
                "print runtime values: there are none",
                request -> AdminResponse.json("{\n \"entries\": {},\n \"layers\": []\n}\n"));
        pages.page("/init_dump", "what the start waits for", new InitDumpPage(snapshots));
        pages.page("/hot_restart_version", "there is no hot restart", request -> AdminResponse.text("disabled"));
        pages.page(
                "/contention",
                "there is no mutex tracing",
                request -> AdminResponse.text("Mutex contention tracing is not enabled."));
    }

    private static void levers(PageTable pages, Stats stats, Controls controls) {
        pages.lever("/healthcheck/fail", "cause the server to fail health checks", request -> {
            controls.failHealthcheck(true);
            return AdminResponse.ok();
        });
        pages.lever("/healthcheck/ok", "cause the server to pass health checks", request -> {
            controls.failHealthcheck(false);
            return AdminResponse.ok();
        });
        pages.lever(
                "/drain_listeners",
                "drain listeners",
                request -> {
                    controls.drainListeners(
                            request.has("graceful"), request.has("skip_exit"), request.has("inboundonly"));
                    return AdminResponse.ok();
                },
                new Parameter("graceful", "Keep listening for the drain time before the listeners close"),
                new Parameter("skip_exit", "Drain the connections but never close the listeners"),
                new Parameter("inboundonly", "Only listeners that are marked as inbound"));
        pages.lever("/reset_counters", "reset all counters to zero", request -> {
            stats.resetCounters();
            return AdminResponse.ok();
        });
        pages.lever(
                "/reload",
                "read the configuration again, all of it or nothing",
                new ReloadPage(controls),
                new Parameter("diff", "Only say what a reload with this file would change"));
        pages.lever("/reopen_logs", "reopen access logs", request -> {
            controls.reopenLogs();
            return AdminResponse.ok();
        });
        pages.lever(
                "/logging",
                "query/change logging levels",
                new LoggingPage(controls),
                new Parameter("level", "desired logging level of all loggers"),
                new Parameter("paths", "<logger_name1>:<desired_level1>,<logger_name2>:<desired_level2>"));
        pages.lever("/quitquitquit", "exit the server", request -> AdminResponse.ok()
                .then(controls::quit));
    }
}
