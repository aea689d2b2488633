package io.grpcweb.gateway;

/** The version of this build. */
final class Version {
    private Version() {}

    static String text() {
        String built = Main.class.getPackage().getImplementationVersion();
        return built == null ? "development" : built;
    }
}
