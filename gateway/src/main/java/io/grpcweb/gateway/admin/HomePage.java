package io.grpcweb.gateway.admin;

/** {@code /}: the pages as links, the levers as buttons. */
final class HomePage implements Page {
    private final PageTable pages;
    private final Controls controls;
    private final ServerInfo info;

    HomePage(PageTable pages, Controls controls, ServerInfo info) {
        this.pages = pages;
        this.controls = controls;
        this.info = info;
    }

    @Override
    public AdminResponse answer(AdminRequest request) {
        StringBuilder rows = new StringBuilder("<p>" + controls.state() + ", version "
                + Html.escape(info.version().get()) + ", " + info.concurrency() + " event loops, since "
                + info.started() + "</p><table>");
        for (PageTable.Entry entry : pages.entries()) {
            String path = Html.escape(entry.path());
            String cell = entry.lever()
                    ? "<form method=\"post\" action=\"" + path.substring(1) + "\"><button>" + path + "</button></form>"
                    : "<a href=\"" + (path.length() == 1 ? "." : path.substring(1)) + "\">" + path + "</a>";
            rows.append("<tr><td>").append(cell).append("</td><td>");
            rows.append(Html.escape(entry.help())).append("</td></tr>");
        }
        return AdminResponse.html(Html.page("gRPC-Web gateway", rows + "</table>"));
    }
}
