package io.grpcweb.gateway.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import java.util.function.BiConsumer;

/** A line of the gateway's own log, as a pattern of spdlog ({@code --log-format}) describes it. */
public final class LogLayout extends LayoutBase<ILoggingEvent> {
    /** Envoy's. */
    public static final String DEFAULT = "[%Y-%m-%d %T.%e][%t][%l][%n] [%g:%#] %v";

    private final List<BiConsumer<ILoggingEvent, StringBuilder>> parts = new ArrayList<>();
    private final String pattern;
    private final boolean escaped;

    /** @param escaped whether line breaks and other control characters of messages are written as escapes */
    LogLayout(String pattern, boolean escaped) {
        this.pattern = pattern;
        this.escaped = escaped;
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        if (parts.isEmpty()) {
            // With the first line: the layout of before the command line was read writes none.
            parse();
        }
        StringBuilder line = new StringBuilder(160);
        parts.forEach(part -> part.accept(event, line));
        line.append('\n');
        if (event.getThrowableProxy() != null) {
            line.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        return line.toString();
    }

    private void parse() {
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '%' && i + 1 < pattern.length()) {
                parts.add(sign(pattern.charAt(++i)));
            } else {
                parts.add((event, line) -> line.append(c));
            }
        }
    }

    /** What stands behind a percent sign; a sign that spdlog does not know stays as it is. */
    private BiConsumer<ILoggingEvent, StringBuilder> sign(char sign) {
        return switch (sign) {
            case 'v' -> escaped ? LogLayout::escapedMessage : (event, line) -> line.append(event.getFormattedMessage());
            case '_', 'j' -> LogLayout::escapedMessage;
            case 't' -> (event, line) -> line.append(Thread.currentThread().getId());
            case 'P' -> (event, line) -> line.append(ProcessHandle.current().pid());
            case 'n' -> (event, line) -> line.append(Logs.component(event.getLoggerName()));
            case 'l' -> (event, line) -> line.append(level(event.getLevel()));
            case 'L' ->
                (event, line) -> line.append(
                        Character.toUpperCase(level(event.getLevel()).charAt(0)));
            case 'g' -> (event, line) -> line.append(source(event, true));
            case 's' -> (event, line) -> line.append(source(event, false));
            case '#' -> (event, line) -> line.append(caller(event).getLineNumber());
            case '!' -> (event, line) -> line.append(caller(event).getMethodName());
            case '@' ->
                (event, line) -> line.append(source(event, true))
                        .append(':')
                        .append(caller(event).getLineNumber());
            case '%' -> (event, line) -> line.append('%');
            case '^', '$' -> (event, line) -> {};
            case 'E' -> (event, line) -> line.append(event.getTimeStamp() / 1000);
            default -> time(sign);
        };
    }

    private static BiConsumer<ILoggingEvent, StringBuilder> time(char sign) {
        String pattern =
                switch (sign) {
                    case 'Y' -> "yyyy";
                    case 'C' -> "yy";
                    case 'm' -> "MM";
                    case 'd' -> "dd";
                    case 'H' -> "HH";
                    case 'I' -> "hh";
                    case 'M' -> "mm";
                    case 'S' -> "ss";
                    case 'e' -> "SSS";
                    case 'f' -> "SSSSSS";
                    case 'F' -> "SSSSSSSSS";
                    case 'p' -> "a";
                    case 'R' -> "HH:mm";
                    case 'r' -> "hh:mm:ss a";
                    case 'T', 'X' -> "HH:mm:ss";
                    case 'D', 'x' -> "MM/dd/yy";
                    case 'z' -> "xxx";
                    case 'a' -> "EEE";
                    case 'A' -> "EEEE";
                    case 'b', 'h' -> "MMM";
                    case 'B' -> "MMMM";
                    case 'c' -> "EEE MMM d HH:mm:ss yyyy";
                    case '+' -> "'['yyyy-MM-dd HH:mm:ss.SSS']'";
                    default -> "";
                };
        if (pattern.isEmpty()) {
            return (event, line) -> line.append('%').append(sign);
        }
        DateTimeFormatter format = DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
        return (event, line) -> format.formatTo(local(event.getTimeStamp()), line);
    }

    /** The rules of {@code java.time} are first looked for in every file of the class path; those of {@code java.util} are not. */
    private static OffsetDateTime local(long millis) {
        ZoneOffset offset = ZoneOffset.ofTotalSeconds(TimeZone.getDefault().getOffset(millis) / 1000);
        return Instant.ofEpochMilli(millis).atOffset(offset);
    }

    public static String level(Level level) {
        return level.equals(Level.WARN) ? "warning" : level.toString().toLowerCase(Locale.ROOT);
    }

    private static StackTraceElement caller(ILoggingEvent event) {
        StackTraceElement[] trace = event.getCallerData();
        return trace.length == 0 ? new StackTraceElement("", "", "", 0) : trace[0];
    }

    private static String source(ILoggingEvent event, boolean folder) {
        StackTraceElement caller = caller(event);
        int end = folder ? caller.getClassName().lastIndexOf('.') + 1 : 0;
        return caller.getClassName().substring(0, end).replace('.', '/') + caller.getFileName();
    }

    private static void escapedMessage(ILoggingEvent event, StringBuilder line) {
        String message = event.getFormattedMessage();
        for (int i = 0; i < message.length(); i++) {
            char c = message.charAt(i);
            switch (c) {
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                case '\\' -> line.append("\\\\");
                case '"' -> line.append("\\\"");
                default -> {
                    if (c < ' ' || c == 0x7f) {
                        line.append(String.format(Locale.ROOT, "\\x%02x", (int) c));
                    } else {
                        line.append(c);
                    }
                }
            }
        }
    }
}
