package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.Resource;

/** A resource as a part of a text. Where it stands in the text makes no difference. */
final class TreeContent implements Resource.Content {
    private final Yaml.Mapping tree;
    private final String text;

    TreeContent(Yaml.Mapping tree) {
        this.tree = tree;
        StringBuilder out = new StringBuilder();
        write(tree, out);
        this.text = out.toString();
    }

    Yaml.Mapping tree() {
        return tree;
    }

    private static void write(Yaml node, StringBuilder out) {
        if (node instanceof Yaml.Mapping mapping) {
            out.append('{');
            mapping.entries().forEach((key, entry) -> {
                out.append(key).append(':');
                write(entry.value(), out);
                out.append(',');
            });
            out.append('}');
        } else if (node instanceof Yaml.Sequence sequence) {
            out.append('[');
            sequence.items().forEach(item -> {
                write(item, out);
                out.append(',');
            });
            out.append(']');
        } else {
            Yaml.Scalar scalar = (Yaml.Scalar) node;
            out.append(scalar.quoted() ? '"' : '=').append(scalar.text().length());
            out.append(' ').append(scalar.text());
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TreeContent that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }
}
