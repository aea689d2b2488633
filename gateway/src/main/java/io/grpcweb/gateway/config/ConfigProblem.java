package io.grpcweb.gateway.config;

/**
 * One thing that is wrong with a configuration.
 *
 * @param file name as given on the command line; empty for text from the command line itself
 * @param line from 1; 0 where it is not known
 * @param path of the setting, such as {@code clusters[0].connect_timeout}; may be empty
 * @param text what is wrong and what to write instead
 */
public record ConfigProblem(String file, int line, String path, String text) {
    private static final int LONGEST = 4000;

    /** Keys and values of any length may stand in it. */
    public ConfigProblem {
        path = cut(path);
        text = cut(text);
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + " ... (" + text.length() + " characters)";
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(file);
        if (line > 0) {
            out.append(out.isEmpty() ? "line " : ":").append(line);
        }
        if (!path.isEmpty()) {
            out.append(out.isEmpty() ? "" : ": ").append(path);
        }
        return out.append(out.isEmpty() ? "" : ": ").append(text).toString();
    }
}
