package io.grpcweb.gateway.admin;

/** The frame of the pages for people. */
final class Html {
    private static final String STYLE = """
            body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;color:#1d2733;\
            background:#fbfcfd}h1{font-size:1.4rem}table{border-collapse:collapse;width:100%}td,th{text-align:left;\
            padding:.35rem .8rem;border-bottom:1px solid #dde3ea;vertical-align:top}code,pre{font:13px/1.5 ui-monospace,\
            monospace}button{font:inherit;padding:.1rem .6rem}a{color:#0b5cad}.none{color:#66737f}\
            @media(prefers-color-scheme:dark){body{background:#14181d;color:#dbe2ea}td,th{border-color:#2c343d}a{color:#7db8f5}}""";

    private Html() {}

    static String page(String title, String content) {
        return "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + escape(title)
                + "</title><style>" + STYLE + "</style></head><body><h1>" + escape(title) + "</h1>" + content
                + "</body></html>\n";
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
