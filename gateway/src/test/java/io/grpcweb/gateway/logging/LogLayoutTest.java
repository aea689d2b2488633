package io.grpcweb.gateway.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;

final class LogLayoutTest {
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");

    private static String line(String pattern, boolean escaped, String logger, String message) {
        LoggerContext context = new LoggerContext();
        LoggingEvent event =
                new LoggingEvent("fqcn", context.getLogger(logger), Level.WARN, message, null, new Object[0]);
        event.setInstant(AT);
        event.setCallerData(new StackTraceElement[] {
            new StackTraceElement("io.grpcweb.gateway.upstream.Cluster", "start", "Cluster.java", 42)
        });
        return new LogLayout(pattern, escaped).doLayout(event);
    }

    @Test
    void theDefaultIsEnvoysLine() {
        String time = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS")
                .withZone(ZoneId.systemDefault())
                .format(AT);
        assertThat(line(LogLayout.DEFAULT, false, "io.grpcweb.gateway.upstream.Cluster", "gone"))
                .isEqualTo("[" + time + "][" + Thread.currentThread().getId()
                        + "][warning][upstream] [io/grpcweb/gateway/upstream/Cluster.java:42] gone\n");
    }

    @Test
    void signsOfSpdlogAreKnownAndOthersStay() {
        assertThat(line("<%l|%L|%s|%!|%%|%q|%v", false, "io.netty.Foo", "m"))
                .isEqualTo("<warning|W|Cluster.java|start|%|%q|m\n");
        assertThat(line("%n", false, "io.grpcweb.gateway.cli.Main", "")).isEqualTo("main\n");
        assertThat(line("%n", false, "io.netty.Foo", "")).isEqualTo("misc\n");
    }

    @Test
    void anEscapedMessageStaysOnItsLine() {
        assertThat(line("%v", true, "a", "one\ntwo\r\u0001\"")).isEqualTo("one\\ntwo\\r\\x01\\\"\n");
        assertThat(line("%v", false, "a", "one\ntwo")).isEqualTo("one\ntwo\n");
        assertThat(line("%_", false, "a", "one\ntwo")).isEqualTo("one\\ntwo\n");
    }

    /** A package that moves takes its lines and its level along. */
    @Test
    void eachComponentIsAPackage() {
        Logs.components()
                .values()
                .forEach(names -> names.forEach(name -> assertThat(Path.of("target/classes", name.replace('.', '/')))
                        .isDirectory()));
        assertThat(Logs.component("io.grpcweb.gateway.filter.router.Router")).isEqualTo("router");
        assertThat(Logs.component("io.grpcweb.gateway.filter.cors.CorsRefusals"))
                .isEqualTo("filter");
        assertThat(Logs.component("io.grpcweb.gateway.runtime.Gateway")).isEqualTo("main");
    }
}
