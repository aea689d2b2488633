package io.grpcweb.gateway.admin;

import java.util.Optional;

/** {@code /reload}: reads the configuration again at once; {@code ?diff=FILE} says what that would change with another file. */
final class ReloadPage implements Page {
    private final Controls controls;

    ReloadPage(Controls controls) {
        this.controls = controls;
    }

    @Override
    public AdminResponse answer(AdminRequest request) {
        String file = request.value("diff");
        Optional<Controls.Reload> done =
                file == null || file.isEmpty() ? controls.reload() : controls.reloadWouldChange(file);
        return done.map(ReloadPage::response)
                .orElseGet(() -> AdminResponse.text(503, "there is nothing to read the configuration from\n"));
    }

    private static AdminResponse response(Controls.Reload reload) {
        return AdminResponse.text(
                reload.isSuccess() ? 200 : 400,
                reload.lines().isEmpty() ? "OK\n" : String.join("\n", reload.lines()) + "\n");
    }
}
