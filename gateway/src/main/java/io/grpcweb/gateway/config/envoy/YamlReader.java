package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.ConfigProblem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Text to a tree, as lenient as Envoy: only the first document counts, of a key that stands twice the last one, what hangs
 * under a key tagged {@code !ignore} is a place for anchors, and bytes that are no UTF-8 do no harm in comments. JSON is
 * read as the YAML that it is.
 */
final class YamlReader {
    private static final int MAX_NODES = 1_000_000;
    private static final int MAX_DEPTH = 200;
    private static final int MIN_BUFFER = 1024;

    private final String file;
    private final Problems problems;
    private int nodes;

    private YamlReader(String file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    static Yaml.Mapping read(String file, byte[] bytes, Problems problems) throws ConfigException {
        return new YamlReader(file, problems).document(new String(bytes, StandardCharsets.UTF_8));
    }

    private Yaml.Mapping document(String text) throws ConfigException {
        String content = printable(text);
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                // All at once: a long line that comes in pieces is copied for each of them.
                .setBufferSize(Math.max(MIN_BUFFER, content.length() + 1))
                .setCodePointLimit(Integer.MAX_VALUE)
                .setMaxAliasesForCollections(10_000)
                .build();
        Node root;
        try {
            ParserImpl parser = new ParserImpl(settings, new StreamReader(settings, content));
            Iterator<Node> documents = new Composer(settings, new ShallowParser(parser, MAX_DEPTH));
            root = documents.hasNext() ? documents.next() : null;
        } catch (MarkedYamlEngineException e) {
            throw broken(e);
        } catch (YamlEngineException e) {
            throw refused(0, "not valid YAML: " + e.getMessage());
        }
        if (root == null) {
            throw refused(0, "the file is empty: a bootstrap with static_resources is expected");
        }
        Yaml tree = convert(root, "", 0);
        if (tree instanceof Yaml.Mapping mapping) {
            return mapping;
        }
        throw refused(tree.mark().line(), "a mapping such as static_resources is expected at the top of the file");
    }

    private ConfigException broken(MarkedYamlEngineException e) {
        var mark = e.getProblemMark().or(e::getContextMark);
        int line = mark.map(m -> m.getLine() + 1).orElse(0);
        int column = mark.map(m -> m.getColumn() + 1).orElse(0);
        StringBuilder text = new StringBuilder("not valid YAML at line ")
                .append(line)
                .append(", column ")
                .append(column)
                .append(": ")
                .append(e.getProblem());
        Optional.ofNullable(e.getContext())
                .ifPresent(context -> text.append(" (").append(context).append(')'));
        return refused(
                line,
                text.append("; look at the indentation of this line and the one above")
                        .toString());
    }

    private ConfigException refused(int line, String text) {
        return new ConfigException(List.of(new ConfigProblem(file, line, "", text)));
    }

    private Yaml convert(Node node, String path, int depth) throws ConfigException {
        Mark mark = mark(node);
        if (++nodes > MAX_NODES || depth > MAX_DEPTH) {
            throw refused(mark.line(), "the aliases of this file make it too large or too deep");
        }
        if (node instanceof ScalarNode scalar) {
            return new Yaml.Scalar(scalar.getValue(), scalar.getScalarStyle() != ScalarStyle.PLAIN, mark);
        }
        if (node instanceof SequenceNode sequence) {
            List<Yaml> items = new ArrayList<>();
            for (Node item : sequence.getValue()) {
                items.add(convert(item, path + "[" + items.size() + "]", depth + 1));
            }
            return new Yaml.Sequence(items, mark);
        }
        Yaml.Mapping mapping = new Yaml.Mapping(mark);
        for (NodeTuple tuple : ((MappingNode) node).getValue()) {
            entry(tuple, mapping, path, depth);
        }
        return mapping;
    }

    private void entry(NodeTuple tuple, Yaml.Mapping mapping, String path, int depth) throws ConfigException {
        Node key = tuple.getKeyNode();
        if (isIgnored(key) || isIgnored(tuple.getValueNode())) {
            return;
        }
        Mark keyMark = mark(key);
        if (!(key instanceof ScalarNode scalar)) {
            throw refused(keyMark.line(), "a key must be a text");
        }
        String name = scalar.getValue();
        String here = path.isEmpty() ? name : path + "." + name;
        if (mapping.has(name)) {
            problems.warn(keyMark, here, "stands twice in the same mapping; this last one counts");
        }
        mapping.put(name, keyMark, convert(tuple.getValueNode(), here, depth + 1));
    }

    private static boolean isIgnored(Node node) {
        return node.getTag().getValue().equals("!ignore");
    }

    private Mark mark(Node node) {
        return new Mark(file, node.getStartMark().map(m -> m.getLine() + 1).orElse(0));
    }

    /** Characters that YAML forbids are bytes in comments, in files of the real world. */
    private static String printable(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            boolean allowed = c == '\t'
                    || c == '\n'
                    || c == '\r'
                    || c == 0x85
                    || (c >= 0x20 && c < 0x7f)
                    || (c >= 0xa0 && c < 0xd800)
                    || (c >= 0xe000 && c != 0xfffe && c != 0xffff);
            out.appendCodePoint(allowed ? c : 0xfffd);
        });
        if (out.length() > 0 && out.charAt(0) == '\ufeff') {
            out.deleteCharAt(0);
        }
        return out.toString();
    }
}
