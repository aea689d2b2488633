import com.google.protobuf.DescriptorProtos.FieldOptions;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import io.envoyproxy.pgv.validate.Validate;
import io.envoyproxy.pgv.validate.Validate.FieldRules;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import udpa.annotations.Sensitive;
import udpa.annotations.Status;

/**
 * Writes down what Envoy's API consists of, from the descriptors in a jar of its compiled messages and from a table that
 * adds what the jar is too old for. After an index of protobuf's packages come their texts, so that a program reads those it needs:
 *
 * <pre>
 * message NAME
 *   FIELD NUMBER [list|map KEY] KIND [required] [rules] [of:ONEOF] [optional] [deprecated] [sensitive]
 *   oneof NAME [required]
 * enum NAME VALUE=NUMBER...
 * </pre>
 *
 * A kind is a scalar of protobuf, the name of a message, {@code enum NAME}, or one of {@code any}, {@code duration},
 * {@code timestamp}, {@code struct}, {@code value}, {@code listvalue}, {@code empty}, {@code fieldmask}, {@code UInt32} and
 * the like (a wrapper, which may be left unset). A rule is one of {@code validate.rules}: {@code >=1}, {@code <300s},
 * {@code in:1,2}, {@code min_len:1}; with {@code items.}, {@code keys.} or {@code values.} before it, it is about each of
 * them. Space, comma and percent are written {@code %20} and so on. {@code required} stands where the field must be set.
 *
 * <p>{@code java -cp JARS SchemaTable.java JAR ADDITIONS TABLE}
 */
final class SchemaTable {
    private static final String NOTICE = """
            # Derived from the public protocol buffer files of the Envoy project (github.com/envoyproxy/data-plane-api) and of
            # github.com/cncf/xds, which are
            #   Copyright the Envoy project authors, licensed under the Apache License, Version 2.0
            #   (http://www.apache.org/licenses/LICENSE-2.0).
            """;

    private static final Map<String, String> WELL_KNOWN = Map.ofEntries(
            Map.entry("Any", "any"),
            Map.entry("Duration", "duration"),
            Map.entry("Timestamp", "timestamp"),
            Map.entry("Struct", "struct"),
            Map.entry("Value", "value"),
            Map.entry("ListValue", "listvalue"),
            Map.entry("Empty", "empty"),
            Map.entry("FieldMask", "fieldmask"),
            Map.entry("DoubleValue", "Double"),
            Map.entry("FloatValue", "Float"),
            Map.entry("Int64Value", "Int64"),
            Map.entry("UInt64Value", "UInt64"),
            Map.entry("Int32Value", "Int32"),
            Map.entry("UInt32Value", "UInt32"),
            Map.entry("BoolValue", "Bool"),
            Map.entry("StringValue", "String"),
            Map.entry("BytesValue", "Bytes"));

    private static final Map<String, String> COMPARISONS =
            Map.of("const", "=", "lt", "<", "lte", "<=", "gt", ">", "gte", ">=");

    /** Rules that no empty text keeps. */
    private static final Set<String> FORMATS =
            Set.of("email", "hostname", "ip", "ipv4", "ipv6", "uri", "uri_ref", "address", "uuid");

    /** The sections by their heads ({@code message NAME}, {@code enum NAME}): first what stands behind it, then lines. */
    private final Map<String, List<String>> sections = new TreeMap<>();

    public static void main(String[] args) throws Exception {
        SchemaTable table = new SchemaTable();
        table.addJar(Path.of(args[0]));
        table.addText(Path.of(args[1]));
        table.write(Path.of(args[2]));
    }

    private void addJar(Path jar) throws IOException, ReflectiveOperationException {
        List<String> classes;
        try (JarFile file = new JarFile(jar.toFile())) {
            classes = file.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.endsWith("Proto.class") && name.indexOf('$') < 0)
                    .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .toList();
        }
        for (String name : classes) {
            Object descriptor = Class.forName(name).getMethod("getDescriptor").invoke(null);
            if (descriptor instanceof FileDescriptor file && isWanted(file)) {
                file.getMessageTypes().forEach(this::add);
                file.getEnumTypes().forEach(this::add);
            }
        }
    }

    /** The API of today; its second version and the pages of the admin address are left out. */
    static boolean isWanted(FileDescriptor file) {
        String name = file.getPackage();
        return (name.startsWith("envoy.")
                        && !name.startsWith("envoy.admin.")
                        && !name.contains(".v2")
                        && file.getOptions().getExtension(Status.fileStatus).getPackageVersionStatusValue()
                                != Status.PackageVersionStatus.FROZEN_VALUE)
                || name.startsWith("xds.")
                || name.equals("udpa.type.v1");
    }

    /** Also the messages inside of it, and those that its fields lead to. */
    private void add(Descriptor message) {
        String head = "message " + message.getFullName();
        if (message.getFullName().startsWith("google.protobuf.") || sections.containsKey(head)) {
            return;
        }
        List<String> lines = new ArrayList<>();
        sections.put(head, lines);
        lines.add("");
        for (OneofDescriptor oneof : message.getRealOneofs()) {
            lines.add("oneof " + oneof.getName()
                    + (oneof.getOptions().getExtension(Validate.required) ? " required" : ""));
        }
        for (FieldDescriptor field : message.getFields()) {
            lines.add(line(field));
            FieldDescriptor content = content(field);
            if (content.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                add(content.getMessageType());
            } else if (content.getJavaType() == FieldDescriptor.JavaType.ENUM) {
                add(content.getEnumType());
            }
        }
        message.getNestedTypes().stream()
                .filter(nested -> !nested.getOptions().getMapEntry())
                .forEach(this::add);
        message.getEnumTypes().forEach(this::add);
    }

    private void add(EnumDescriptor type) {
        sections.put(
                "enum " + type.getFullName(),
                List.of(type.getValues().stream()
                        .map(value -> value.getName() + "=" + value.getNumber())
                        .collect(Collectors.joining(" "))));
    }

    private static FieldDescriptor content(FieldDescriptor field) {
        return field.isMapField() ? field.getMessageType().findFieldByName("value") : field;
    }

    private static String line(FieldDescriptor field) {
        FieldOptions options = field.getOptions();
        FieldRules rules = options.getExtension(Validate.rules);
        boolean alternative = field.getRealContainingOneof() != null;
        List<String> words = new ArrayList<>(List.of(field.getName(), String.valueOf(field.getNumber())));
        if (field.isMapField()) {
            words.add("map " + kind(field.getMessageType().findFieldByName("key")));
        } else if (field.isRepeated()) {
            words.add("list");
        }
        words.add(kind(content(field)));
        if (!alternative && isRequired(field, rules)) {
            words.add("required");
        }
        rules(rules, "", words);
        if (alternative) {
            words.add("of:" + field.getContainingOneof().getName());
        }
        if (field.toProto().getProto3Optional()) {
            words.add("optional");
        }
        if (options.getDeprecated()) {
            words.add("deprecated");
        }
        if (options.getExtension(Sensitive.sensitive)) {
            words.add("sensitive");
        }
        return String.join(" ", words);
    }

    private static String kind(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case ENUM -> "enum " + field.getEnumType().getFullName();
            case MESSAGE -> {
                Descriptor type = field.getMessageType();
                yield type.getFullName().startsWith("google.protobuf.")
                        ? WELL_KNOWN.getOrDefault(type.getName(), type.getFullName())
                        : type.getFullName();
            }
            default -> field.getType().name().toLowerCase(Locale.ROOT);
        };
    }

    /** Whether a message without the field breaks the rules, since what stands for "not set" breaks them. */
    private static boolean isRequired(FieldDescriptor field, FieldRules rules) {
        if (rules.getMessage().getRequired() || rules.getAny().getRequired() || rules.getDuration().getRequired()) {
            return true;
        }
        Map<String, Object> set = set(rules);
        if (field.hasPresence() || set.containsKey("ignore_empty")) {
            return false;
        }
        return set.entrySet().stream().anyMatch(rule -> breaksDefault(rule.getKey(), rule.getValue()));
    }

    private static boolean breaksDefault(String rule, Object bound) {
        return switch (rule) {
            case "min_len", "min_bytes", "len", "len_bytes", "min_items", "min_pairs", "gte" -> sign(bound) > 0;
            case "gt" -> sign(bound) >= 0;
            case "lt" -> sign(bound) <= 0;
            case "lte" -> sign(bound) < 0;
            case "const" -> !isDefault(bound);
            case "in" -> ((List<?>) bound).stream().noneMatch(SchemaTable::isDefault);
            case "not_in" -> ((List<?>) bound).stream().anyMatch(SchemaTable::isDefault);
            case "pattern" -> !Pattern.compile((String) bound).matcher("").find();
            case "prefix", "suffix", "contains" -> !isDefault(bound);
            default -> FORMATS.contains(rule);
        };
    }

    private static int sign(Object number) {
        return new BigDecimal(number.toString()).signum();
    }

    private static boolean isDefault(Object value) {
        return value instanceof Number number ? sign(number) == 0 : value.equals("") || value.equals(false);
    }

    /** The rules that are set, of the one kind that the field has. */
    private static Map<String, Object> set(FieldRules rules) {
        Map<String, Object> set = new LinkedHashMap<>();
        rules.getAllFields().forEach((kind, content) -> {
            if (!kind.getName().equals("message")) {
                ((Message) content).getAllFields().forEach((rule, bound) -> set.put(rule.getName(), bound));
            }
        });
        return set;
    }

    private static void rules(FieldRules rules, String scope, List<String> words) {
        set(rules).forEach((rule, bound) -> {
            if (bound instanceof FieldRules inner) {
                rules(inner, rule + ".", words);
            } else if (COMPARISONS.containsKey(rule)) {
                words.add(scope + COMPARISONS.get(rule) + text(bound));
            } else if (!rule.equals("required") && (!bound.equals(false) || rule.equals("strict"))) {
                words.add(scope + rule + (bound.equals(true) ? "" : ":" + text(bound)));
            }
        });
    }

    private static String text(Object bound) {
        if (bound instanceof List<?> list) {
            return list.stream().map(SchemaTable::text).collect(Collectors.joining(","));
        }
        if (bound instanceof Duration duration) {
            return BigDecimal.valueOf(duration.getSeconds())
                            .add(BigDecimal.valueOf(duration.getNanos(), 9))
                            .stripTrailingZeros()
                            .toPlainString()
                    + "s";
        }
        if (bound instanceof Number number) {
            BigDecimal plain = new BigDecimal(number.toString());
            return plain.signum() == 0 ? "0" : plain.stripTrailingZeros().toPlainString();
        }
        String text = bound instanceof EnumValueDescriptor value ? value.getName() : bound.toString();
        StringBuilder out = new StringBuilder();
        for (char c : text.toCharArray()) {
            out.append(c <= ' ' || c == ',' || c == '%' || c > '~' ? "%" + String.format("%04x", (int) c) : c);
        }
        return out.toString();
    }

    /** Fields of a message that is there take the place of its own of the same name or number, or come behind them. */
    private void addText(Path additions) throws IOException {
        List<String> section = null;
        for (String line : Files.readAllLines(additions)) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (!line.startsWith(" ")) {
                String[] words = line.split(" ", 3);
                if (words[0].equals("enum")) {
                    sections.put("enum " + words[1], List.of(words[2]));
                    continue;
                }
                section = sections.computeIfAbsent(line, head -> new ArrayList<>(List.of("")));
                continue;
            }
            String field = line.strip();
            String[] words = field.split(" ");
            section.removeIf(known -> isReplaced(known.split(" "), words));
            section.add(field);
        }
    }

    /** A line of a group begins with {@code oneof}, which is the name of no field. */
    private static boolean isReplaced(String[] known, String[] next) {
        if (known[0].equals("oneof") || next[0].equals("oneof")) {
            return known[0].equals(next[0]) && known[1].equals(next[1]);
        }
        return known.length > 1 && (known[0].equals(next[0]) || known[1].equals(next[1]));
    }

    /** The index says how many bytes the text of each package has, which come in the same order. */
    private void write(Path file) throws IOException {
        Map<String, List<String>> packages = sections.keySet().stream()
                .collect(Collectors.groupingBy(SchemaTable::packageOf, TreeMap::new, Collectors.toList()));
        StringBuilder index = new StringBuilder(NOTICE);
        StringBuilder texts = new StringBuilder();
        packages.forEach((name, heads) -> {
            int begin = texts.length();
            for (String head : heads) {
                List<String> lines = sections.get(head);
                texts.append((head + " " + lines.get(0)).strip()).append('\n');
                lines.stream().skip(1).forEach(line -> texts.append("  ").append(line).append('\n'));
            }
            index.append(name).append(' ').append(texts.length() - begin).append('\n');
        });
        Files.createDirectories(file.getParent());
        Files.writeString(file, index.append('\n').append(texts), StandardCharsets.US_ASCII);
    }

    /** The parts of the name up to the first that begins with a capital. */
    private static String packageOf(String head) {
        String name = head.substring(head.indexOf(' ') + 1);
        List<String> parts = new ArrayList<>();
        for (String part : name.split("\\.")) {
            if (Character.isUpperCase(part.charAt(0))) {
                break;
            }
            parts.add(part);
        }
        return String.join(".", parts);
    }
}
